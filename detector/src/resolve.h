// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns a race in numbers into one in names: stacks with inline chains expanded, who took part, what the
// address lies in. Slow (it may read symbol tables from disk), called once per distinct race. Thread-safe.
#include <string_view>

#include "detector/finding.h"
#include "detector/src/race.h"

namespace snag::detector {

finding resolve(const raw_race&, std::string_view strip_path_prefix);

finding resolve(const raw_misuse&, std::string_view strip_path_prefix);
finding resolve_uses(const raw_race&, std::string_view strip_path_prefix);           // of an object: a misuse
void describe_order(finding&, const raw_race&, std::string_view strip_path_prefix);  // starts, release_met
string missing_edge(const finding&);  // of the later access, first in the finding, and the earlier one

finding resolve(const raw_deadlock&, std::string_view strip_path_prefix);  // resolve_deadlock.cpp

finding resolve(const raw_unjoined&, std::string_view strip_path_prefix);  // resolve_deadlock.cpp

}  // namespace snag::detector
