// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_sets.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace snag::detector {
namespace {

using events::lock_mode;

held_lock lock(std::uint64_t address, lock_mode mode = lock_mode::exclusive) {
  return {address, {}, events::object_kind::mutex, mode};
}

TEST(lock_sets, equal_lists_are_equal_numbers_and_the_latest_comes_first) {
  lock_sets sets;
  const lock_set_id one = sets.with(lock_set_id::none, lock(1));
  const lock_set_id both = sets.with(one, lock(2));
  EXPECT_EQ(sets.with(lock_set_id::none, lock(1)), one);
  EXPECT_EQ(sets.with(one, lock(2)), both);
  EXPECT_NE(sets.with(lock_set_id::none, lock(2)), both);
  EXPECT_EQ(sets.latest(both).address, 2u);
  EXPECT_EQ(sets.rest(both), one);
}

TEST(lock_sets, locks_go_in_any_order_and_what_is_not_held_changes_nothing) {
  lock_sets sets;
  const lock_set_id one = sets.with(lock_set_id::none, lock(1)), both = sets.with(one, lock(2));
  EXPECT_EQ(sets.without(both, 2, lock_mode::exclusive), one);
  EXPECT_EQ(sets.without(both, 1, lock_mode::exclusive), sets.with(lock_set_id::none, lock(2)));
  EXPECT_EQ(sets.without(both, 3, lock_mode::exclusive), both);
  EXPECT_EQ(sets.without(both, 1, lock_mode::shared), both);
  EXPECT_EQ(sets.without(lock_set_id::none, 1, lock_mode::exclusive), lock_set_id::none);
}

TEST(lock_sets, a_lock_held_twice_goes_once_at_a_time) {
  lock_sets sets;
  const lock_set_id one = sets.with(lock_set_id::none, lock(1, lock_mode::shared));
  const lock_set_id two = sets.with(one, lock(1, lock_mode::shared));
  EXPECT_EQ(sets.without(two, 1, lock_mode::shared), one);
  EXPECT_EQ(sets.without(one, 1, lock_mode::shared), lock_set_id::none);
}

TEST(lock_sets, many_lists_made_by_several_threads_at_once_agree) {
  lock_sets sets;
  constexpr std::uint64_t locks = 3000;
  std::vector<lock_set_id> found[4];
  std::vector<std::thread> threads;
  for (auto& mine : found)
    threads.emplace_back([&] {
      for (std::uint64_t i = 1; i <= locks; ++i) mine.push_back(sets.with(lock_set_id::none, lock(i)));
    });
  for (std::thread& t : threads) t.join();
  for (auto& other : found) EXPECT_EQ(other, found[0]);
  for (std::uint64_t i = 1; i <= locks; ++i) EXPECT_EQ(sets.latest(found[0][i - 1]).address, i);
  EXPECT_EQ(sets.unmentioned(), 0u);
}

}  // namespace
}  // namespace snag::detector
