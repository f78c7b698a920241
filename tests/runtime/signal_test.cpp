// SPDX-License-Identifier: Apache-2.0
// Go's rules for package os/signal.
#include "snag/signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

struct sigaction disposition(int signal) {
  struct sigaction now{};
  sigaction(signal, nullptr, &now);
  return now;
}

TEST(signal_notify, relays_the_signals_it_was_asked_for) {
  on_every_schedule(
      [] {
        const chan<int> c(1);
        signal_notify(c, SIGUSR1, SIGUSR2);
        raise(SIGUSR1);
        EXPECT_EQ(c.recv(), SIGUSR1);
        raise(SIGUSR2);
        EXPECT_EQ(c.recv(), SIGUSR2);
        signal_stop(c);
        EXPECT_EQ(disposition(SIGUSR1).sa_handler, SIG_DFL);
      },
      10);
}

TEST(signal_notify, copies_to_every_channel_and_drops_what_has_no_room) {
  on_every_schedule(
      [] {
        const chan<int> wide(2), narrow(1), nobody;
        signal_notify(narrow, SIGUSR1);
        signal_notify(nobody, SIGUSR1);
        signal_notify(wide, SIGUSR1);
        signal_notify(wide, SIGUSR2);  // adds to the set
        raise(SIGUSR1);
        EXPECT_EQ(wide.recv(), SIGUSR1);
        raise(SIGUSR1);
        EXPECT_EQ(wide.recv(), SIGUSR1);
        raise(SIGUSR2);
        EXPECT_EQ(wide.recv(), SIGUSR2);
        EXPECT_EQ(narrow.len(), 1U);
        for (const chan<int>& c : {narrow, nobody, wide}) signal_stop(c);
      },
      10);
}

TEST(signal_stop, what_was_caught_before_arrives_and_nothing_after) {
  on_every_schedule(
      [] {
        const chan<int> c(1), keeps(4);
        signal_notify(keeps, SIGUSR1);
        signal_notify(c, SIGUSR1);
        raise(SIGUSR1);
        EXPECT_EQ(keeps.recv(), SIGUSR1);
        signal_stop(c);
        EXPECT_EQ(c.len(), 1U);
        c.recv();
        raise(SIGUSR1);
        EXPECT_EQ(keeps.recv(), SIGUSR1);
        EXPECT_EQ(c.len(), 0U);
        signal_stop(keeps);
        signal_stop(keeps);  // not registered: nothing
      },
      10);
}

TEST(signal_stop, keeps_what_another_channel_wants) {
  const chan<int> a(1), b(1);
  signal_notify(a, SIGUSR1);
  signal_notify(b, SIGUSR1);
  signal_stop(a);
  EXPECT_NE(disposition(SIGUSR1).sa_handler, SIG_DFL);
  signal_stop(b);
  EXPECT_EQ(disposition(SIGUSR1).sa_handler, SIG_DFL);
}

TEST(signal_ignore, takes_the_signal_from_everybody_until_reset) {
  const chan<int> c(1);
  signal_notify(c, SIGUSR1, SIGUSR2);
  signal_ignore(SIGUSR1);
  EXPECT_TRUE(signal_ignored(SIGUSR1));
  raise(SIGUSR1);  // would end this process
  raise(SIGUSR2);
  EXPECT_EQ(c.recv(), SIGUSR2);
  signal_reset(SIGUSR1, SIGUSR2);
  EXPECT_FALSE(signal_ignored(SIGUSR1));
  EXPECT_EQ(disposition(SIGUSR1).sa_handler, SIG_DFL);
  EXPECT_EQ(disposition(SIGUSR2).sa_handler, SIG_DFL);
}

TEST(signal_notify, of_a_nil_channel_panics) {
  EXPECT_EQ(panic_of([] { signal_notify(chan<int>(nullptr), SIGUSR1); }),
            "os/signal: Notify using nil channel");
}

TEST(signal_notify, without_names_means_all_and_gives_them_back) {
  const struct sigaction quit = disposition(SIGQUIT);
  const chan<int> c(16);
  signal_notify(c);
  for (const int n : {SIGHUP, SIGTERM, SIGQUIT, SIGCHLD, SIGRTMIN}) {
    raise(n);
    while (c.recv() != n) continue;  // others may come from outside
  }
  signal_reset();
  EXPECT_EQ(disposition(SIGQUIT).sa_sigaction, quit.sa_sigaction);  // the runtime's dump
  EXPECT_EQ(disposition(SIGHUP).sa_handler, SIG_DFL);
}

using signal_death_test = testing::Test;

TEST(signal_death_test, what_nobody_asked_for_keeps_its_effect) {
  EXPECT_EXIT(
      {
        const chan<int> c(1);
        signal_notify(c, SIGUSR2);
        raise(SIGTERM);
        c.recv();
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(signal_death_test, a_fault_of_the_program_is_not_a_message) {
  EXPECT_EXIT(
      {
        const chan<int> c(1);
        signal_notify(c, SIGSEGV);
        raise(SIGSEGV);
        if (c.recv() != SIGSEGV) _exit(1);  // from outside, it is
        *static_cast<volatile int*>(nullptr) = 1;
        c.recv();
      },
      testing::KilledBySignal(SIGSEGV), "");
}

TEST(signal_death_test, whoever_waits_for_a_signal_is_not_deadlocked_until_it_stops) {
  EXPECT_EXIT(
      {
        const chan<int> c(1);
        signal_notify(c, SIGALRM);
        alarm(1);
        if (c.recv() != SIGALRM) _exit(1);
        signal_stop(c);
        c.recv();
      },
      testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

TEST(notify_context, is_cancelled_by_the_signal_with_a_cause_that_names_it) {
  on_every_schedule(
      [] {
        auto [ctx, stop] = notify_context(context::background(), SIGUSR1, SIGINT);
        EXPECT_FALSE(ctx.err());
        raise(SIGINT);
        ctx.done().recv();
        EXPECT_TRUE(ctx.err() == context::canceled);
        EXPECT_STREQ(ctx.cause().what(), "interrupt signal received");
        raise(SIGINT);  // no effect before stop()
        stop();
        stop();
        EXPECT_EQ(disposition(SIGINT).sa_handler, SIG_DFL);
      },
      10);
}

TEST(notify_context, stop_cancels_without_a_signal_and_so_does_its_end) {
  on_every_schedule(
      [] {
        auto [ctx, stop] = notify_context(context::background(), SIGUSR1);
        stop();
        EXPECT_TRUE(ctx.err() == context::canceled);
        EXPECT_TRUE(ctx.cause() == context::canceled);
        context kept;
        {
          kept = notify_context(context::background(), SIGUSR1).ctx;
        }
        EXPECT_TRUE(kept.err() == context::canceled);
        EXPECT_EQ(disposition(SIGUSR1).sa_handler, SIG_DFL);
      },
      10);
}

TEST(signal_notify, works_in_the_child_of_a_fork) {
  const chan<int> c(1);
  signal_notify(c, SIGUSR1);
  const pid_t child = fork();
  if (child == 0) {
    raise(SIGUSR1);
    _exit(c.recv() == SIGUSR1 ? 7 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  signal_stop(c);
}

TEST(signal_name, is_that_of_go) {
  EXPECT_EQ(signal_name(SIGINT), "interrupt");
  EXPECT_EQ(signal_name(SIGTERM), "terminated");
  EXPECT_EQ(signal_name(SIGHUP), "hangup");
  EXPECT_EQ(signal_name(99), "signal 99");
}

}  // namespace
}  // namespace snag::test
