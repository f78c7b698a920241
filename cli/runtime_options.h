// SPDX-License-Identifier: Apache-2.0
#pragma once
// SNAG_OPTIONS, the options of a running program: "key=value" separated by spaces or colons.
#include <map>
#include <string>

namespace snag::cli {

using runtime_options = std::map<std::string, std::string>;

// The user's SNAG_OPTIONS with `ours` put over it: a key of ours replaces the user's.
std::string merge_options(const std::string& users, const runtime_options& ours);

// The value of the last `key=` in it; empty if there is none.
std::string option_value(const std::string& options, const std::string& key);

}  // namespace snag::cli
