// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock that sleeps and timers go by: monotonic; virtual in a seeded run, where it moves only when nobody
// can run.
#include <chrono>

namespace snag {

struct clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

}  // namespace snag
