// SPDX-License-Identifier: Apache-2.0
#pragma once
// Producers and consumers over a mutex and two condition variables, ours or the standard library's.
#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {

template <class Mutex, class Condition>
void pass_through_a_bounded_queue() {
  Mutex m;
  Condition not_empty, not_full;
  std::vector<int> queue;
  long sum = 0;
  wait_group wg;
  for (int p = 0; p < 3; ++p) {
    wg.go([&] {
      for (int i = 1; i <= 20; ++i) {
        std::unique_lock lock(m);
        not_full.wait(lock, [&] { return queue.size() < 2; });
        queue.push_back(i);
        not_empty.notify_one();
      }
    });
    wg.go([&] {
      for (int i = 1; i <= 20; ++i) {
        std::unique_lock lock(m);
        not_empty.wait(lock, [&] { return !queue.empty(); });
        sum += queue.back();
        queue.pop_back();
        not_full.notify_one();
      }
    });
  }
  wg.wait();
  EXPECT_EQ(sum, 3 * 210);
}

}  // namespace snag::test
