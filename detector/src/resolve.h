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

// The stack of an access or a call at `innermost` whose function was reached through `context`.
vector<source_frame> stack_of(const hooks::site* innermost, context_id context,
                              std::string_view strip_path_prefix, bool& recursion_folded);

// The innermost frame that is the user's own; if there is none, the innermost that is not Snag's; or null.
const source_frame* user_frame(const vector<source_frame>&);

}  // namespace snag::detector
