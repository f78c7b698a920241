// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words for the parts of a finding that every renderer needs. Pure.
#include "detector/finding.h"

namespace snag::detector {

const char* word(finding_kind);  // "race", …
const char* word(certainty);     // "proved", …
// The innermost frame that is the user's own; if there is none, the innermost that is not Snag's; or null.
const source_frame* user_frame(const vector<source_frame>&);
string actor_word(const finding&, std::uint64_t id);  // "goroutine 7", "main goroutine"
void append_place(string& out, const access_description&);
const char* last_handle_word(const wait_target_description&);  // "sender": what went

}  // namespace snag::detector
