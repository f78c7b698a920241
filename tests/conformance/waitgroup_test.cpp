// SPDX-License-Identifier: Apache-2.0
// Go, sync.WaitGroup; rules WG-001 to WG-013.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "snag/wait_group.h"
#include "tests/conformance/processes.h"
#include "tests/conformance/waiting.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using events::wait_reason;
using testing::AnyOf;
using testing::StartsWith;

TEST(waitgroup, WG_001_add_changes_the_counter_and_zero_releases_all_waiters) {
  on_every_schedule([] {
    wait_group wg;
    std::atomic<int> released{0};
    chan<int> out(3);
    wg.add(5);
    wg.add(-2);
    for (int i = 0; i < 3; ++i) {
      go([=, &released] {
        wg.wait();
        ++released;
        out << 1;
      });
    }
    until_waiting(wait_reason::wait_group, 3);
    wg.add(-2);
    for (int i = 0; i < 5; ++i) yield();
    EXPECT_EQ(released, 0) << "one is still to be done";
    wg.add(-1);
    for (int i = 0; i < 3; ++i) out.recv();
  });
}

TEST(waitgroup, WG_002_done_is_add_of_minus_one) {
  on_every_schedule([] {
    wait_group wg;
    wg.add(2);
    wg.done();
    wg.add(-1);
    wg.wait();
    EXPECT_EQ(panic_of([&] { wg.done(); }), "sync: negative WaitGroup counter");
  });
}

TEST(waitgroup, WG_003_wait_returns_at_once_when_the_counter_is_zero) {
  on_every_schedule([] {
    wait_group wg;
    wg.wait();
    wg.add(1);
    wg.done();
    wg.wait();
  });
}

TEST(waitgroup, WG_004_a_negative_counter_panics) {
  on_every_schedule([] {
    wait_group wg;
    wg.add(1);
    EXPECT_EQ(panic_of([&] { wg.add(-2); }), "sync: negative WaitGroup counter");
  });
  expect_death("wait_group_negative", "panic: sync: negative WaitGroup counter");
}

// What Add finds there between two steps of a Wait, and nobody can stop it in between.
TEST(waitgroup, WG_005_add_from_zero_while_somebody_waits_panics) {
  constexpr auto state = [](std::uint64_t counter, std::uint64_t waiters) { return counter << 32 | waiters; };
  on_every_schedule([&] {
    detail::wait_group_core* const core = detail::make_wait_group(nullptr);
    const auto added = [&](int delta, std::uint64_t to) {
      return panic_of([&] { detail::added_to_wait_group(core, delta, to); });
    };
    EXPECT_EQ(added(1, state(1, 1)), "sync: WaitGroup misuse: Add called concurrently with Wait");
    EXPECT_EQ(added(3, state(3, 2)), "sync: WaitGroup misuse: Add called concurrently with Wait");
    EXPECT_EQ(added(1, state(1, 0)), "") << "nobody waits";
    EXPECT_EQ(added(1, state(2, 1)), "") << "it was not zero";
    EXPECT_EQ(added(-1, state(1, 1)), "") << "that is done()";
    detail::lose_wait_group(core, nullptr);
  });
}

// Where it is not noticed the program goes on; a race like this one has no other end.
TEST(waitgroup, WG_005_add_from_zero_beside_a_wait_panics_in_these_words_when_noticed) {
  for (int seed = 0; seed <= 50 && !HasFailure(); ++seed) {
    const outcome o =
        run("wait_group_misuse",
            (seed == 0 ? std::string("max_procs=4") : "seed=" + std::to_string(seed)) + " traceback=none");
    if (o.status == 0) continue;
    EXPECT_EQ(o.status, 2);
    EXPECT_THAT(o.err,
                AnyOf(StartsWith("panic: sync: WaitGroup misuse: Add called concurrently with Wait\n"),
                      StartsWith("panic: sync: WaitGroup is reused before previous Wait has returned\n")));
  }
}

TEST(waitgroup, WG_006_using_it_again_before_the_waits_have_returned_panics) {
  int seen = 0;
  on_every_seed(50, [&] {
    wait_group wg;
    chan<std::string> what;
    wg.add(1);
    go([=] { what << panic_of([&] { wg.wait(); }); });
    until_waiting(wait_reason::wait_group);
    wg.done();
    wg.add(1);  // too early, unless the waiter happened to run first
    const std::string text = what.recv();
    EXPECT_THAT(text, AnyOf("", "sync: WaitGroup is reused before previous Wait has returned"));
    seen += text != "";
  });
  EXPECT_GT(seen, 0);
}

TEST(waitgroup, WG_007_adding_is_allowed_at_any_time_while_the_counter_is_not_zero) {
  on_every_schedule([] {
    wait_group wg;
    std::atomic<int> done{0};
    wg.add(1);
    go([=, &done] {
      for (int i = 0; i < 10; ++i) {
        wg.add(1);  // somebody waits already, perhaps
        go([=, &done] {
          ++done;
          wg.done();
        });
      }
      wg.done();
    });
    wg.wait();
    EXPECT_EQ(done, 10);
  });
}

TEST(waitgroup, WG_008_may_be_used_again_once_all_waits_have_returned) {
  on_every_schedule([] {
    wait_group wg;
    for (int round = 1; round <= 5; ++round) {
      std::atomic<int> done{0};
      for (int i = 0; i < round; ++i) wg.go([&] { ++done; });
      wg.wait();
      EXPECT_EQ(done, round);
    }
  });
}

// Go's TestWaitGroup.
TEST(waitgroup, WG_009_many_waiters_are_all_released_and_none_too_early) {
  on_every_schedule([] {
    constexpr int n = 16;
    wait_group first, second;
    first.add(n);
    second.add(n);
    chan<int> exited(n);
    for (int i = 0; i < n; ++i) {
      go([=] {
        first.done();
        second.wait();
        exited << 1;
      });
    }
    first.wait();
    for (int i = 0; i < n; ++i) {
      EXPECT_EQ(exited.try_recv(), chan_status::empty) << "released too early";
      second.done();
    }
    for (int i = 0; i < n; ++i) exited.recv();
  });
}

// Go's TestWaitGroupRace.
TEST(waitgroup, WG_010_legal_races_of_add_done_and_wait_never_panic) {
  on_every_schedule([] {
    for (int i = 0; i < 20; ++i) {
      wait_group wg;
      std::atomic<int> n{0};
      for (int k = 0; k < 2; ++k) {
        wg.add(1);
        go([=, &n] {
          ++n;
          wg.done();
        });
      }
      wg.wait();
      EXPECT_EQ(n, 2);
    }
  });
}

TEST(waitgroup, WG_011_go_counts_runs_in_a_goroutine_and_is_done_when_f_returns) {
  on_every_schedule([] {
    wait_group wg;
    chan<int> go_on;
    const std::uint64_t self = goroutine_id();
    bool returned = false;
    wg.go([&] {
      EXPECT_NE(goroutine_id(), self);
      go_on.recv();
      returned = true;
    });
    go_on << 1;
    wg.wait();
    EXPECT_TRUE(returned);
  });
}

TEST(waitgroup, WG_011_f_must_not_panic) { expect_death("wait_group_go_panics", "panic: the task"); }

TEST(waitgroup, WG_012_what_f_did_is_seen_after_wait) {
  on_every_schedule([] {
    wait_group wg;
    std::vector<int> plain(32);  // not atomic
    for (std::size_t i = 0; i < plain.size(); ++i) wg.go([&plain, i] { plain[i] = static_cast<int>(i) + 1; });
    wg.wait();
    for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(plain[i], static_cast<int>(i) + 1);
  });
}

TEST(waitgroup, WG_013_goexit_counts_as_done) {
  on_every_schedule([] {
    wait_group wg;
    bool deferred = false;
    wg.go([&] {
      const defer d([&] { deferred = true; });
      goexit();
    });
    wg.wait();
    EXPECT_TRUE(deferred) << "f's own defers run before it counts as done";
  });
}

}  // namespace
}  // namespace snag::test
