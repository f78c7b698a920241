// SPDX-License-Identifier: Apache-2.0
#pragma once
// Races that are meant, each with a reason. Without a race detector these do nothing.
//
//   SNAG_IGNORE_RACES("a statistic that may be off by a few") int hits;      // a variable or field
//   SNAG_IGNORE_RACES("reads a torn value on purpose") int guess() { … }     // what a function's own code
//   accesses const snag::race_ignore_scope ignore("the hint may be stale");           // what this goroutine
//   does from here on
//
// An access that is ignored is neither checked nor remembered, so it races with nothing. Synchronisation
// counts as ever. Atomics with std::memory_order_relaxed cost no more than plain accesses and are not
// undefined behaviour: prefer them to all three.
#include "snag/config.h"
#include "snag/detail/inline.h"

namespace snag {

#if defined(__clang__)
#define SNAG_IGNORE_RACES(reason) [[clang::annotate("snag.ignore_races", reason)]]
#else
#define SNAG_IGNORE_RACES(reason)
#endif

namespace detail {
void ignore_races(const char* reason);  // null: as before the last one
}

// Until the end of its block, what the calling goroutine (or thread) accesses is not checked. Scopes nest.
// `reason` must outlive it. Must be destroyed by the goroutine that made it.
class [[nodiscard("it ends with its block")]] race_ignore_scope {
 public:
  explicit race_ignore_scope(const char* reason) { detail::ignore_races(reason); }
  ~race_ignore_scope() { detail::ignore_races(nullptr); }
  race_ignore_scope(const race_ignore_scope&) = delete;
  race_ignore_scope& operator=(const race_ignore_scope&) = delete;
};

}  // namespace snag
