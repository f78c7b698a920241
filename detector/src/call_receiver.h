// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which object a call in the source was made on: a race inside std::vector is the user's race on `jobs`, not
// one on a member with an underscore. From the text alone, so only where it is plain: "jobs.push_back(1)" and
// "index[key]" name jobs and index, "std::sort(a.begin(), a.end())" names nothing.
#include <string_view>

#include "detector/src/internal_memory.h"

namespace snag::detector {

std::string_view receiver_of(std::string_view call);  // part of `call`; empty if it does not show
// What the n-th argument (from 0) points to, as the source calls it: `buffer` of "read(fd, buffer, 8)",
// "send(fd, &buffer, 8, 0)" and "fputs(buffer.c_str(), f)"; empty if it is no plain name.
std::string_view pointed_to_by_argument(std::string_view call, unsigned n);
// What a function of libc that is called so reads or writes, likewise; empty if it is unknown or may be
// several.
std::string_view touched_by_libc(std::string_view call, bool write);
// Whether the arguments or the index of the call, its text up to the end, contain the name.
bool mentions_in_arguments(std::string_view call, std::string_view name);
// The name that an expression begins with: `box` of "box.items[3]", "ns::box" of "ns::box->x".
std::string_view first_name_of(std::string_view expression);
// The first argument of the call or declaration, "mu" of "std::lock_guard guard(mu)"; empty if it is no name.
std::string_view first_argument_of(std::string_view call);
// The channels that the text of a select sends to: "c", "c or d"; empty if it shows none.
string sent_to_by_select(std::string_view call);

}  // namespace snag::detector
