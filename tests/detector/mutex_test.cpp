// SPDX-License-Identifier: Apache-2.0
// What a mutex orders, and what who takes it again before anybody else is spared.
#include <gtest/gtest.h>

#include "detector/hooks.h"
#include "detector/src/entry.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

constexpr int x = 0, bytes = 4;  // a variable
constexpr int guard = 0, other_guard = 1, flag = 0, other_flag = 1, nobodys_flag = 2;

class mutex_rules : public ::testing::Test {
 protected:
  mutex_rules() {
    for (int id = 1; id <= 3; ++id) core.go(0, id);
  }
  void section(int actor, int mutex = guard) {
    core.lock(actor, mutex);
    core.unlock(actor, mutex);
  }
  // Actor 1 has read x beside 2, which it is not ordered with, and has a record of its own for that; 3 knows
  // of what 2 did.
  void read_beside_another() {
    EXPECT_EQ(core.read(2, x, bytes), 0u);
    core.release(2, other_flag);
    core.acquire(3, other_flag);
    for (int i = 0; i < 3; ++i) {
      core.lock(1, guard);
      EXPECT_EQ(core.read(1, x, bytes), 0u);
      core.unlock(1, guard);
      core.release(1, nobodys_flag);
    }
    core.lock(1, guard);
    EXPECT_EQ(core.read(1, x, bytes), 0u);
    EXPECT_TRUE(is_on_record(1));
    core.unlock(1, guard);
  }
  bool is_on_record(int actor) {
    core.switch_to(actor);
    thread_state& t = this_thread();
    const entry_scope scope(t);
    return on_record(t, access_kind::read, reinterpret_cast<std::uint64_t>(core.arena() + x), bytes);
  }
  scripted_core core;
};

TEST_F(mutex_rules, a_section_comes_before_the_next) {
  core.lock(1, guard);
  EXPECT_EQ(core.write(1, x, bytes), 0u);
  core.unlock(1, guard);
  core.lock(2, guard);
  EXPECT_EQ(core.write(2, x, bytes), 0u);
  core.unlock(2, guard);
  core.lock(3, other_guard);
  EXPECT_NE(core.write(3, x, bytes), 0u);
}

TEST_F(mutex_rules, what_follows_a_section_is_not_ordered_before_the_next) {
  section(1);
  core.write(1, x, bytes);
  core.lock(2, guard);
  EXPECT_NE(core.write(2, x, bytes), 0u);
}

TEST_F(mutex_rules, a_read_stands_when_its_goroutine_takes_the_lock_again) {
  read_beside_another();
  EXPECT_FALSE(is_on_record(1));
  core.lock(1, guard);
  EXPECT_TRUE(is_on_record(1));
  core.unlock(1, guard);
  core.lock(1, guard);
  EXPECT_TRUE(is_on_record(1));
}

TEST_F(mutex_rules, a_read_does_not_stand_once_somebody_else_has_had_the_lock) {
  read_beside_another();
  section(3);
  core.lock(1, guard);
  EXPECT_FALSE(is_on_record(1));
  core.read(1, x, bytes);
  EXPECT_NE(core.write(3, x, bytes), 0u);
}

TEST_F(mutex_rules, a_read_does_not_stand_once_its_goroutine_has_released_to_others) {
  read_beside_another();
  core.release(1, flag);
  core.lock(1, guard);
  EXPECT_FALSE(is_on_record(1));
  core.read(1, x, bytes);
  core.acquire(3, flag);
  EXPECT_NE(core.write(3, x, bytes), 0u);
}

TEST_F(mutex_rules, a_read_does_not_stand_after_a_section_under_another_lock) {
  read_beside_another();
  section(1, other_guard);
  section(3, other_guard);
  core.lock(1, guard);
  EXPECT_FALSE(is_on_record(1));
}

TEST_F(mutex_rules, a_lock_that_ends_beside_its_taking_is_a_race) {
  section(1);
  EXPECT_NE(core.destroy(2, guard), 0u);
}

TEST_F(mutex_rules, a_lock_that_ends_after_its_taking_is_none) {
  section(1);
  core.release(1, flag);
  core.acquire(2, flag);
  EXPECT_EQ(core.destroy(2, guard), 0u);
}

// Its end follows the first section only.
TEST_F(mutex_rules, a_lock_that_ends_beside_its_second_taking_is_a_race) {
  section(1);
  section(1);
  core.release(1, flag);
  section(1);
  core.acquire(2, flag);
  EXPECT_NE(core.destroy(2, guard), 0u);
}

}  // namespace
}  // namespace snag::testing
