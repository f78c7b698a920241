// SPDX-License-Identifier: Apache-2.0
// What the users of a wait group have to order, each rule with its ordered twin. No threads, no sleeps.
#include "detector/src/object_use.h"

#include <gtest/gtest.h>

#include <bit>

#include "detector/src/observer.h"
#include "tests/detector/support/quiet_reporter.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

std::size_t met = 0;
std::uint64_t met_at = 0;

class object_use : public ::testing::Test {
 protected:
  object_use() {
    for (int actor : {1, 2, 3}) core.go(0, actor);
    sink_for_testing = [](const race_hit& h) {
      ++met;
      met_at = h.granule + static_cast<unsigned>(std::countr_zero(h.bytes));
    };
  }
  ~object_use() override { the_observer().on_object_destroyed(group); }

  // How many uses it is not ordered with.
  std::size_t waits(int actor) {
    met = 0;
    core.switch_to(actor);
    the_observer().on_touched(core.actor(actor), group, /*writes=*/true, {});
    return met;
  }
  std::size_t counts(int actor, int delta) {
    met = 0;
    core.switch_to(actor);
    count_ += delta;
    the_observer().on_counted(core.actor(actor), group, delta, count_, {});
    return met;
  }
  // Whether it may come too early.
  bool is_done_early(int actor) {
    const std::uint64_t before = misuses_reported.load();
    counts(actor, -1);
    return misuses_reported.load() != before;
  }
  void order(int first, int second) {
    core.release(first, 0);
    core.acquire(second, 0);
  }

  scripted_core core;
  events::object group{.kind = events::object_kind::wait_group};

 private:
  int count_ = 0;
};

TEST_F(object_use, an_unordered_add_and_wait_meet_whichever_comes_first) {
  EXPECT_EQ(counts(1, 1), 0u);
  EXPECT_EQ(waits(2), 1u);
}
TEST_F(object_use, an_unordered_wait_and_add_meet) {
  EXPECT_EQ(waits(2), 0u);
  EXPECT_EQ(counts(1, 1), 1u);
}
TEST_F(object_use, also_when_all_is_done_before_the_wait) {
  counts(1, 1);
  counts(1, -1);
  EXPECT_EQ(waits(2), 1u);
}
TEST_F(object_use, an_add_that_is_ordered_before_the_wait_is_right) {
  counts(1, 1);
  order(1, 2);
  EXPECT_EQ(waits(2), 0u);
}
TEST_F(object_use, an_add_that_is_ordered_after_the_wait_is_right) {
  waits(2);
  order(2, 1);
  EXPECT_EQ(counts(1, 1), 0u);
}
TEST_F(object_use, an_add_from_more_than_zero_is_free) {
  counts(1, 1);
  order(1, 2);
  waits(2);
  EXPECT_EQ(counts(3, 1), 0u);
}
TEST_F(object_use, adds_beside_adds_and_waits_beside_waits_are_right) {
  EXPECT_EQ(counts(1, 1), 0u);
  EXPECT_EQ(counts(1, -1), 0u);
  EXPECT_EQ(counts(2, 1), 0u);
  order(1, 3);
  order(2, 3);
  core.go(3, 4);
  EXPECT_EQ(waits(3), 0u);
  EXPECT_EQ(waits(4), 0u);
}
TEST_F(object_use, a_wait_that_knows_an_earlier_round_is_told_apart) {
  counts(1, 1);
  counts(1, -1);
  order(1, 2);
  EXPECT_EQ(waits(2), 0u);
  EXPECT_EQ(counts(1, 1), 1u);
  EXPECT_TRUE(is_later_round(met_at));
}
TEST_F(object_use, a_wait_that_knows_of_no_round_is_told_apart) {
  EXPECT_EQ(waits(2), 0u);
  EXPECT_EQ(counts(1, 1), 1u);
  EXPECT_FALSE(is_later_round(met_at));
}

TEST_F(object_use, a_done_that_nothing_orders_after_the_add_may_come_too_early) {
  counts(1, 1);
  EXPECT_TRUE(is_done_early(2));
}
TEST_F(object_use, a_done_that_is_ordered_after_the_add_is_right) {
  counts(1, 1);
  order(1, 2);
  EXPECT_FALSE(is_done_early(2));
}
TEST_F(object_use, who_is_counted_in_by_another_add_may_be_done_before_the_first) {
  counts(1, 1);
  counts(2, 1);
  EXPECT_FALSE(is_done_early(2));
  EXPECT_TRUE(is_done_early(2));
}
TEST_F(object_use, an_add_that_comes_late_to_a_negative_count_is_told) {
  counts(2, -1);
  const std::uint64_t before = misuses_reported.load();
  counts(1, 1);
  EXPECT_EQ(misuses_reported.load(), before + 1);
}
TEST_F(object_use, an_add_that_is_ordered_after_a_negative_count_is_not) {
  counts(2, -1);
  order(2, 1);
  const std::uint64_t before = misuses_reported.load();
  counts(1, 1);
  EXPECT_EQ(misuses_reported.load(), before);
}

}  // namespace
}  // namespace snag::testing
