// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/stealing_worker.h"

#include <gtest/gtest.h>

#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {

using events::wait_reason;

class stealing_worker_alone : public ::testing::Test {
 protected:
  // How often it goes to sleep at once, before it stays awake again.
  int sleeps() {
    int n = 0;
    while (!w.stays_awake_alone()) ++n;
    return n;
  }
  work_stealing home{1};
  stealing_worker w{home, 0};
};

TEST_F(stealing_worker_alone, stays_awake_as_long_as_that_is_worth_it) {
  w.left_for = wait_reason::chan_receive;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sleeps(), 0);
    w.stayed_awake_alone(true);
  }
}

TEST_F(stealing_worker_alone, stays_awake_more_and_more_seldom_in_vain) {
  w.left_for = wait_reason::condition_wait;
  EXPECT_EQ(sleeps(), 0);
  for (const int expected : {1, 3, 7, 15, 31, 63, 63}) {
    w.stayed_awake_alone(false);
    EXPECT_EQ(sleeps(), expected);
  }
  w.stayed_awake_alone(true);
  EXPECT_EQ(sleeps(), 0);
}

TEST_F(stealing_worker_alone, sleeps_at_once_while_it_waits_for_a_lock) {
  for (const wait_reason lock :
       {wait_reason::mutex_lock, wait_reason::shared_mutex_lock, wait_reason::shared_mutex_rlock}) {
    w.left_for = lock;
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(w.stays_awake_alone());
  }
  w.left_for = wait_reason::chan_send;
  EXPECT_TRUE(w.stays_awake_alone());
}

}  // namespace
}  // namespace snag::detail
