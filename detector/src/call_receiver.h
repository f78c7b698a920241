// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which object a call in the source was made on: a race inside std::vector is the user's race on `jobs`, not
// one on a member with an underscore. From the text alone, so only where it is plain: "jobs.push_back(1)" and
// "index[key]" name jobs and index, "std::sort(a.begin(), a.end())" names nothing.
#include <string_view>

namespace snag::detector {

std::string_view receiver_of(std::string_view call);  // part of `call`; empty if it does not show
// The first argument of the call or declaration, "mu" of "std::lock_guard guard(mu)"; empty if it is no name.
std::string_view first_argument_of(std::string_view call);

}  // namespace snag::detector
