// SPDX-License-Identifier: Apache-2.0
#pragma once
// For tests that need others to be parked, or a number of workers, whatever the schedule.
#include "runtime/src/goroutine_table.h"
#include "runtime/src/scheduler.h"
#include "snag/snag.h"

namespace snag::test {

// Gives way until `n` goroutines of the caller's scheduler wait for `reason`.
inline void until_waiting(events::wait_reason reason, int n = 1) {
  const detail::scheduler* const home = detail::current().home;
  for (;;) {
    int waiting = 0;
    detail::goroutine_table::instance().for_each_alive([&](const detail::goroutine& g) {
      if (g.home == home && g.reason.load(std::memory_order_relaxed) == reason) ++waiting;
    });
    if (waiting >= n) return;
    yield();
  }
}

class with_max_procs {
 public:
  explicit with_max_procs(int n) : before_(max_procs(n)) {}
  ~with_max_procs() { max_procs(before_); }
  with_max_procs(const with_max_procs&) = delete;

 private:
  const int before_;
};

}  // namespace snag::test
