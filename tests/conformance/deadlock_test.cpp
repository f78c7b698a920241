// SPDX-License-Identifier: Apache-2.0
// Go, runtime/proc.go, checkdead; rules DL-001 to DL-006.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/conformance/processes.h"

namespace snag::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string asleep = "fatal error: all goroutines are asleep - deadlock!";

TEST(deadlock, DL_001_nobody_can_run_is_fatal_and_shows_every_goroutine) {
  expect_death("deadlock_main_alone", asleep);
  expect_death("deadlock_receive", asleep);
  for (const char* options : {"", "seed=1", "seed=2", "seed=3"}) {
    EXPECT_THAT(run("deadlock_receive", options).err,
                AllOf(StartsWith(asleep + "\n\ngoroutine 1 [chan receive (nil chan)]:\n"),
                      ContainsRegex("\n\ngoroutine 2 \\[chan receive\\]:\n")));
  }
}

TEST(deadlock, DL_002_a_pending_timer_puts_it_off_until_it_has_fired) {
  expect_death("deadlock_after_timer", asleep);
}

TEST(deadlock, DL_002_a_stopped_timer_does_not) { expect_death("stopped_timer", asleep); }

TEST(deadlock, DL_003_not_reported_while_a_thread_of_somebody_else_may_act) {
  for (int i = 0; i < 3; ++i) {
    const outcome o = run("foreign_thread_wakes");
    EXPECT_EQ(o.err, "woken\n");
    EXPECT_EQ(o.status, 0);
  }
  for (int seed = 1; seed <= 50 && !HasFailure(); ++seed) {
    const outcome o = run("foreign_thread_wakes", "seed=" + std::to_string(seed));
    EXPECT_THAT(o.err, AllOf(HasSubstr("woken\n"), Not(HasSubstr("fatal error"))));
    EXPECT_EQ(o.status, 0);
  }
}

TEST(deadlock, DL_003_but_once_it_waits_too) {
  const outcome o = run("foreign_thread_waits");
  EXPECT_THAT(o.err, AllOf(StartsWith(asleep), HasSubstr("[chan receive, foreign thread]:")));
  EXPECT_EQ(o.status, 2);
  expect_on_every_schedule("foreign_thread_waits", HasSubstr(asleep), 2, "traceback=none");
}

TEST(deadlock, DL_004_reported_before_main_too) {
  for (const char* options : {"SNAG_OPTIONS=", "SNAG_OPTIONS=seed=1", "SNAG_OPTIONS=seed=2"}) {
    setenv("WAIT_BEFORE_MAIN", "1", 1);
    const outcome o = run_program(CONFORMANCE_PROGRAM, "deadlock_before_main", options);
    unsetenv("WAIT_BEFORE_MAIN");
    EXPECT_THAT(o.err, StartsWith(asleep + "\n\ngoroutine 1 [chan receive]:\n"));
    EXPECT_EQ(o.status, 2);
  }
}

// Go's TestLockedDeadlock, TestLockedDeadlock2.
TEST(deadlock, DL_004_reported_with_locked_threads_too) {
  for (const char* scenario : {"deadlock_locked", "deadlock_locked_goroutine", "deadlock_locked_select",
                               "deadlock_locked_main_gone"})
    expect_death(scenario, asleep);
}

TEST(deadlock, DL_005_not_reported_while_somebody_panics_or_sits_in_a_system_call) {
  expect_death("panic_beside_waiter", "panic: not a deadlock");
  expect_on_every_schedule("system_call_beside_waiter", "done\n", 0);
}

TEST(deadlock, DL_006_some_stuck_while_others_run_is_silent) {
  expect_on_every_schedule("partly_stuck", "main is fine\n", 0);
}

}  // namespace
}  // namespace snag::test
