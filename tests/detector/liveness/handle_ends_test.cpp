// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/handle_ends.h"

#include <gtest/gtest.h>

namespace snag::detector {
namespace {

using enum events::direction;
using events::goroutine_id;
using events::wait_operation;

handle_loss by(std::uint64_t who) { return {goroutine_id{who}, {}, {}}; }

TEST(handle_ends, who_receives_is_stranded_without_senders) {
  handle_ends h;
  h.gained(receive);
  h.gained(send);
  EXPECT_FALSE(h.is_stranded());
  h.waits(wait_operation::receive, 1);
  EXPECT_FALSE(h.is_stranded());
  h.lost(send);
  EXPECT_TRUE(h.is_stranded());
  h.waits(wait_operation::receive, -1);
  EXPECT_FALSE(h.is_stranded());
}

TEST(handle_ends, who_sends_is_stranded_without_any_handle) {  // a sender may close
  handle_ends h;
  h.gained(send);
  h.gained(receive);
  h.waits(wait_operation::send, 1);
  h.lost(receive);
  EXPECT_FALSE(h.is_stranded());
  h.lost(send);
  EXPECT_TRUE(h.is_stranded());
}

TEST(handle_ends, as_many_handles_as_waiters_may_have_themselves_are_worth_a_look) {
  handle_ends h;
  for (int i = 0; i < 5; ++i) h.gained(both);
  h.waits(wait_operation::receive, 1);
  EXPECT_FALSE(h.may_be_stranded());
  h.lost(both);
  h.lost(both);
  EXPECT_FALSE(h.may_be_stranded());
  h.lost(both);
  EXPECT_TRUE(h.may_be_stranded());
  EXPECT_FALSE(h.is_stranded());
}

TEST(handle_ends, a_gain_that_nothing_followed_is_the_latest) {
  handle_ends h;
  const std::uint32_t first = h.gained(both);
  EXPECT_TRUE(h.is_latest(first));
  const std::uint32_t second = h.gained(both);
  EXPECT_FALSE(h.is_latest(first));
  h.lost(both);
  EXPECT_FALSE(h.is_latest(second));
}

TEST(handle_ends, the_latest_loss_is_the_latest_of_somebody_else) {
  handle_ends h;
  EXPECT_EQ(h.latest(wait_operation::receive, goroutine_id{1}).by, goroutine_id::none);
  h.note(send, by(5));
  h.note(both, by(6));
  h.note(both, by(1));
  h.note(both, by(1));
  EXPECT_EQ(h.latest(wait_operation::receive, goroutine_id{1}).by, goroutine_id{6});
  EXPECT_EQ(h.latest(wait_operation::receive, goroutine_id{2}).by, goroutine_id{1});
  h.note(receive, by(7));  // no sender
  EXPECT_EQ(h.latest(wait_operation::receive, goroutine_id{1}).by, goroutine_id{6});
  EXPECT_EQ(h.latest(wait_operation::send, goroutine_id{1}).by, goroutine_id{7});
}

}  // namespace
}  // namespace snag::detector
