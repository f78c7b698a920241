// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_order/lock_steps.h"

#include <gtest/gtest.h>

namespace snag::detector {
namespace {

TEST(lock_steps, a_write_that_was_met_counts_when_its_lock_is_released) {
  lock_steps s;
  s.note_flow({slot_id{1}, 7}, 100);
  s.note_flow({slot_id{1}, 5}, 100);
  s.note_flow({slot_id{2}, 3}, 200);
  EXPECT_TRUE(s.flows().empty());
  s.settle_flows(200);
  EXPECT_EQ(s.flows().get(slot_id{2}), 3u);
  EXPECT_EQ(s.flows().get(slot_id{1}), 0u);
  s.settle_flows(100);
  EXPECT_EQ(s.flows().get(slot_id{1}), 7u);
}

TEST(lock_steps, those_beyond_what_it_keeps_count_at_once) {
  lock_steps s;
  for (std::uint32_t n = 1; n <= 20; ++n) s.note_flow({slot_id{n}, n}, 100);
  EXPECT_EQ(s.flows().get(slot_id{20}), 20u);
  s.settle_flows(100);
  for (std::uint32_t n = 1; n <= 20; ++n) EXPECT_EQ(s.flows().get(slot_id{n}), n);
}

TEST(lock_steps, what_was_told_is_told_again_when_the_order_has_changed_ever_more_seldom) {
  lock_steps s;
  EXPECT_TRUE(s.is_news(lock_set_id{1}, 0));
  EXPECT_FALSE(s.is_news(lock_set_id{1}, 0));
  EXPECT_TRUE(s.is_news(lock_set_id{2}, 0));
  int told = 0;
  for (std::uint32_t n = 1; n <= 1'000'000; ++n) told += s.is_news(lock_set_id{1}, n);
  EXPECT_GE(told, 15);
  EXPECT_LE(told, 40);
}

}  // namespace
}  // namespace snag::detector
