// SPDX-License-Identifier: Apache-2.0
#pragma once
// SNAG_OPTIONS, the options of a running program: "key=value" separated by spaces or colons, the last value
// of a key counts, quotes keep a value together (runtime/options.h has the grammar).
#include <map>
#include <string>

namespace snag::cli {

using runtime_options = std::map<std::string, std::string>;

// The user's SNAG_OPTIONS with `ours` after it, so that ours win. Throws failure for a value that no quotes
// can hold.
std::string merge_options(const std::string& users, const runtime_options& ours);

// The value that counts of a key in SNAG_OPTIONS; empty: it is not there.
std::string option_value(const std::string& options, const std::string& key);

}  // namespace snag::cli
