// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the source calls a lock: `mu`, `locks[3]`, `account::m`, `shards[i].m`. Thread-safe.
#include <string_view>

#include "detector/finding.h"
#include "detector/src/race.h"

namespace snag::detector {

// `taken`: the site of the user's call that took it, or null; `call`: how the source writes that.
string lock_name(const lock_facts&, const hooks::site* taken, std::string_view call,
                 const memory_description& memory);

}  // namespace snag::detector
