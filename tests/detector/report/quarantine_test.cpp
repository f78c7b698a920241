// SPDX-License-Identifier: Apache-2.0
#include "detector/src/quarantine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace snag::detector {
namespace {

// Each exactly once, the oldest first but for the other blocks of its batch.
TEST(quarantine, keeps_the_latest_blocks) {
  quarantine_lane lane;
  std::vector<char> blocks(3 * quarantine_blocks);
  std::vector<void*> released;
  for (char& c : blocks)
    if (void* const r = lane.put(&c)) released.push_back(r);
  ASSERT_EQ(released.size(), 2 * quarantine_blocks);
  for (std::size_t i = 0; i < released.size(); ++i) ASSERT_EQ(released[i], &blocks[i]) << i;
  for (std::size_t i = 0; i < quarantine_blocks; ++i)  // for other tests: these are on nobody's heap
    if (void* const r = lane.put(nullptr)) released.push_back(r);
  EXPECT_EQ(released.size(), 3 * quarantine_blocks);
}

TEST(quarantine, lets_each_block_go_once_whoever_frees) {
  constexpr std::size_t each = 10 * quarantine_blocks, threads = 4;
  std::vector<std::atomic<int>> gone(each * threads);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        quarantine_lane lane;
        const auto let_go = [&](void* r) {
          if (r != nullptr) static_cast<std::atomic<int>*>(r)->fetch_add(1);
        };
        for (std::size_t i = 0; i < each; ++i) let_go(lane.put(&gone[t * each + i]));
        for (std::size_t i = 0; i < quarantine_lane::batch_blocks; ++i) let_go(lane.put(nullptr));
      });
  }
  quarantine_lane last;
  for (std::size_t i = 0; i < quarantine_blocks + quarantine_lane::batch_blocks; ++i)
    if (void* const r = last.put(nullptr)) static_cast<std::atomic<int>*>(r)->fetch_add(1);
  for (std::size_t i = 0; i < gone.size(); ++i) ASSERT_EQ(gone[i], 1) << i;
}

}  // namespace
}  // namespace snag::detector
