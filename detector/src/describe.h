// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a finding in names: stacks with inline chains expanded, accesses, locks, who took part, what
// an address lies in. Slow (it may read symbol tables from disk); for reports. Thread-safe. `prefix` is cut
// off the front of source paths.
#include <string_view>

#include "detector/finding.h"
#include "detector/render_words.h"
#include "detector/src/race.h"

namespace snag::detector {

// The stack of an access or a call at `innermost` whose function was reached through `context`.
vector<source_frame> stack_of(const hooks::site* innermost, context_id context, std::string_view prefix,
                              bool& recursion_folded);
// The innermost place in the user's own code, inlined or not; the access itself if there is none.
const hooks::site* user_site(const hooks::site*, context_id);

const char* kind_of(events::object_kind);  // "mutex", "channel", …
// What the source calls a lock; empty if that is not known.
string name_of(const lock_facts&, const vector<source_frame>& taken_at, std::string_view prefix);
memory_description locate(std::uint64_t address, std::string_view prefix);
access_description describe(const raw_access&, std::uint64_t address, std::string_view prefix);

actor_description describe_actor(std::uint64_t id, std::string_view prefix);
// Adds the actor to the finding's, unless it is there or unknown (0).
void name_actor(finding&, std::uint64_t id, std::string_view prefix);

}  // namespace snag::detector
