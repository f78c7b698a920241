// SPDX-License-Identifier: Apache-2.0
#pragma once
// The decisions of a sequential scheduler, one source of them a file. (Work stealing does not ask: its
// choices are made by whoever comes first, in work_stealing.cpp. The third question of a policy, what time it
// is, has one answer for all sequential schedules: the virtual clock of sequential.h.) Not thread-safe.
#include <cstdint>
#include <memory>

#include "snag/schedule.h"

namespace snag::detail {

class schedule_policy {
 public:
  virtual ~schedule_policy() = default;
  // Which of n > 1 goroutines runs next. At a scheduling point 0 is the one that runs now.
  virtual std::uint32_t choose(std::uint32_t n) noexcept = 0;
  // A random number in [0, n), n > 1, for select and for the user.
  virtual std::uint32_t random_below(std::uint32_t n) noexcept = 0;
};

std::unique_ptr<schedule_policy> make_random_policy(std::uint64_t seed);
std::unique_ptr<schedule_policy> make_replay_policy(const schedule_record&);
std::unique_ptr<schedule_policy> make_policy(const schedule&);

}  // namespace snag::detail
