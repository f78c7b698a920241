// SPDX-License-Identifier: Apache-2.0
// golang.org/x/sync: errgroup, singleflight and semaphore; rules XS-001 to XS-012.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/conformance/support.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// --- errgroup

TEST(xsync, XS_001_wait_answers_the_first_error_after_all_tasks_ended) {
  on_every_schedule([] {
    const error first("first"), second("second");
    err_group group;
    std::atomic<int> ended{0};
    group.go([&] { ++ended; });
    group.go([&] {
      ++ended;
      return first;
    });
    EXPECT_EQ(group.wait(), first);
    group.go([&] {
      ++ended;
      return second;
    });
    EXPECT_EQ(group.wait(), first) << "it is kept";
    EXPECT_EQ(ended, 3);
  });
}

TEST(xsync, XS_001_wait_waits_for_those_that_did_not_fail) {
  on_every_schedule([] {
    err_group group;
    std::atomic<int> ended{0};
    for (int i = 0; i < 5; ++i) {
      group.go([&, i]() -> error {
        for (int k = 0; k < i; ++k) yield();
        ++ended;
        return i == 0 ? error("early") : error();
      });
    }
    const error e = group.wait();
    EXPECT_EQ(ended, 5);
    EXPECT_STREQ(e.what(), "early");
  });
}

TEST(xsync, XS_001_a_group_without_errors_answers_none) {
  on_every_schedule([] {
    err_group group;
    EXPECT_FALSE(group.wait());
    group.go([] {});
    group.go([]() -> error { return nullptr; });
    EXPECT_FALSE(group.wait());
  });
}

TEST(xsync, XS_001_a_thrown_exception_is_an_error) {
  on_every_schedule([] {
    err_group group;
    group.go([] { throw std::out_of_range("too far"); });
    const error e = group.wait();
    EXPECT_STREQ(e.what(), "too far");
    EXPECT_THROW(e.raise(), std::out_of_range);
  });
}

TEST(xsync, XS_002_the_first_error_cancels_the_context_and_is_its_cause) {
  on_every_schedule([] {
    const error failure("failure");
    auto [group, ctx] = err_group::with_context(context::background());
    group.go([ctx = ctx] { ctx.done().recv(); });  // ends only if the other cancels
    group.go([&] { return failure; });
    EXPECT_EQ(group.wait(), failure);
    EXPECT_EQ(ctx.err(), context::canceled);
    EXPECT_EQ(ctx.cause(), failure);
  });
}

TEST(xsync, XS_002_the_context_is_cancelled_once_wait_returns) {
  on_every_schedule([] {
    auto [group, ctx] = err_group::with_context(context::background());
    group.go([ctx = ctx] { EXPECT_FALSE(ctx.err()); });
    EXPECT_FALSE(ctx.err());
    EXPECT_FALSE(group.wait());
    EXPECT_EQ(ctx.err(), context::canceled);
    EXPECT_EQ(ctx.cause(), context::canceled);
  });
}

TEST(xsync, XS_003_no_more_tasks_than_the_limit_run_at_once) {
  on_every_schedule([] {
    err_group group;
    group.set_limit(2);
    std::atomic<int> running{0}, most{0};
    for (int i = 0; i < 8; ++i) {
      group.go([&] {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        yield();
        --running;
      });
      EXPECT_LE(running, 2);
    }
    (void)group.wait();
    EXPECT_LE(most, 2);
  });
}

TEST(xsync, XS_003_as_many_as_the_limit_run_at_once) {
  on_every_schedule([] {
    err_group group;
    group.set_limit(3);
    wait_group all_here;
    all_here.add(3);
    for (int i = 0; i < 3; ++i) {
      group.go([=] {
        all_here.done();
        all_here.wait();
      });
    }
    (void)group.wait();
  });
}

TEST(xsync, XS_003_a_negative_limit_is_none) {
  on_every_schedule([] {
    err_group group;
    group.set_limit(1);
    group.set_limit(-1);
    chan<void> meet;
    group.go([=] { meet.send(); });
    group.go([=] { meet.recv(); });
    (void)group.wait();
  });
}

TEST(xsync, XS_003_a_limit_of_zero_blocks_every_go) {
  expect_deadlock(
      [] {
        err_group group;
        group.set_limit(0);
        group.go([] { check(false); });
      },
      {"chan send"});
}

TEST(xsync, XS_003_changing_the_limit_while_tasks_run_panics) {
  on_every_schedule([] {
    for (const int before : {-1, 5}) {
      err_group group;
      group.set_limit(before);
      chan<void> release;
      for (int i = 0; i < 2; ++i) group.go([=] { release.recv(); });
      EXPECT_EQ(panic_of([&] { group.set_limit(3); }),
                "errgroup: modify limit while 2 goroutines in the group are still active");
      release.close();
      (void)group.wait();
      group.set_limit(3);
    }
  });
}

TEST(xsync, XS_004_try_go_starts_only_under_the_limit_and_says_so) {
  on_every_schedule([] {
    err_group group;
    group.set_limit(1);
    chan<void> release;
    std::atomic<int> ran{0};
    EXPECT_TRUE(group.try_go([&] { release.recv(), ++ran; }));
    EXPECT_FALSE(group.try_go([&] { ++ran; }));
    release.close();
    (void)group.wait();
    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(group.try_go([&] { ++ran; }));
    (void)group.wait();
    EXPECT_EQ(ran, 2);
    group.set_limit(0);
    EXPECT_FALSE(group.try_go([&] { ++ran; }));
    group.set_limit(-1);
    EXPECT_TRUE(group.try_go([&] { ++ran; }));
    (void)group.wait();
  });
}

TEST(xsync, XS_005_a_panic_ends_the_program_in_its_own_goroutine) {
  expect_end(
      [] {
        err_group group;
        group.go([] { panic("task failed"); });
        (void)group.wait();
        check(false);
      },
      "panic: task failed\n\ngoroutine 2 [running]:");
}

TEST(xsync, XS_005_so_it_does_on_real_threads) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        err_group group;
        group.go([] { panic("task failed"); });
        try {
          (void)group.wait();
        } catch (...) {
        }
        std::_Exit(0);
      },
      testing::ExitedWithCode(2), "panic: task failed");
  GTEST_FLAG_SET(death_test_style, "fast");
}

// --- singleflight

TEST(xsync, XS_006_one_execution_for_all_who_call_meanwhile) {
  on_every_seed(50, [] {
    single_flight<std::string, int> flights;
    chan<void> release;
    int runs = 0, shared = 0;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        const auto got = flights.call("key", [&] {
          release.recv();
          return ++runs;
        });
        EXPECT_EQ(got.value, 1);
        shared += got.shared;
      });
    }
    let_others_block();
    release.send();
    wg.wait();
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(shared, 5);
  });
}

// Comparing keys lets others in: what was found may be over by then.
struct slow_equal {
  bool operator()(int a, int b) const {
    yield();
    return a == b;
  }
};

TEST(xsync, XS_006_no_two_executions_at_once_and_sharing_is_told) {
  on_every_schedule([] {
    single_flight<int, int, std::hash<int>, slow_equal> flights;
    std::atomic<int> running{0}, runs{0};
    std::atomic<int> sharing[16]{}, alone[16]{};  // of each run, who got its result
    const auto work = [&] {
      EXPECT_EQ(++running, 1);
      yield();
      --running;
      return runs++;
    };
    const auto count = [&](int run, bool shared) { ++(shared ? sharing : alone)[run]; };
    wait_group wg;
    for (int i = 0; i < 2; ++i) {
      wg.go([&] {
        for (int k = 0; k < 4; ++k) {
          const auto got = flights.call(1, work);
          count(got.value, got.shared);
        }
      });
      wg.go([&] {
        for (int k = 0; k < 4; ++k) {
          const auto got = flights.call_chan(1, work).next();
          count(*got->value, got->shared);
        }
      });
    }
    wg.wait();
    int answers = 0;
    for (int run = 0; run < runs; ++run) {
      answers += sharing[run] + alone[run];
      EXPECT_TRUE(sharing[run] == 0 ? alone[run] == 1 : alone[run] == 0 && sharing[run] > 1)
          << "run " << run << ": " << alone[run] << " alone, " << sharing[run] << " sharing";
    }
    EXPECT_EQ(answers, 16);
  });
}

TEST(xsync, XS_006_keys_do_not_wait_for_each_other) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    chan<void> meet;
    wait_group wg;
    wg.go([&] { EXPECT_EQ(flights.call(1, [&] { return meet.send(), 10; }).value, 10); });
    wg.go([&] { EXPECT_EQ(flights.call(2, [&] { return meet.recv(), 20; }).value, 20); });
    wg.wait();
  });
}

TEST(xsync, XS_006_a_later_call_works_again) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    int runs = 0;
    for (int i = 1; i <= 3; ++i) {
      const auto got = flights.call(1, [&] { return ++runs; });
      EXPECT_EQ(got.value, i);
      EXPECT_FALSE(got.shared);
    }
  });
}

TEST(xsync, XS_007_a_panic_reaches_every_caller) {
  on_every_seed(50, [] {
    single_flight<int, int> flights;
    chan<void> release;
    int panics = 0;
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        panics += panic_of([&] {
                    (void)flights.call(1, [&]() -> int {
                      release.recv();
                      panic("no result");
                    });
                  }) == "no result";
      });
    }
    let_others_block();
    release.send();
    wg.wait();
    EXPECT_EQ(panics, 4);
    EXPECT_EQ(flights.call(1, [] { return 5; }).value, 5) << "the key is free again";
  });
}

TEST(xsync, XS_007_goexit_ends_every_caller) {
  on_every_seed(50, [] {
    single_flight<int, int> flights;
    chan<void> release;
    int returned = 0, ended = 0;
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        const defer count([&] { ++ended; });
        (void)flights.call(1, [&]() -> int {
          release.recv();
          goexit();
        });
        ++returned;
      });
    }
    let_others_block();
    release.send();
    wg.wait();
    EXPECT_EQ(returned, 0);
    EXPECT_EQ(ended, 4);
    EXPECT_EQ(flights.call(1, [] { return 5; }).value, 5) << "the key is free again";
  });
}

TEST(xsync, XS_007_a_panic_that_a_channel_waits_for_cannot_be_recovered) {
  expect_end(
      [] {
        single_flight<int, int> flights;
        chan<void> release;
        go([&] {
          (void)panic_of([&] {
            (void)flights.call(1, [&]() -> int {
              release.recv();
              panic("nobody can catch this");
            });
          });
        });
        let_others_block();
        const auto answer = flights.call_chan(1, [] { return 1; });
        release.send();
        (void)answer.next();
        check(false);
      },
      "panic: nobody can catch this\n");
}

TEST(xsync, XS_008_the_channel_has_room_for_one_result_and_stays_open) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    const auto answer = flights.call_chan(1, [] { return 5; });
    EXPECT_EQ(answer.cap(), 1u);
    const auto got = answer.next();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->value, 5);
    EXPECT_FALSE(got->err);
    EXPECT_FALSE(got->shared);
    let_others_block();
    flight_result<int> more;
    EXPECT_EQ(answer.try_recv(more), chan_status::empty) << "closed, or a second result";
  });
}

TEST(xsync, XS_008_channels_and_callers_share_one_execution) {
  on_every_seed(50, [] {
    single_flight<int, int> flights;
    chan<void> release;
    int runs = 0;
    const auto work = [&] {
      release.recv();
      return ++runs;
    };
    const auto first = flights.call_chan(1, work);
    const auto second = flights.call_chan(1, work);
    wait_group wg;
    wg.go([&] {
      const auto got = flights.call(1, work);
      EXPECT_TRUE(got.value == 1 && got.shared);
    });
    let_others_block();
    release.send();
    for (const auto& answer : {first, second}) {
      const auto got = answer.next();
      EXPECT_TRUE(got->value == 1 && got->shared);
    }
    wg.wait();
    EXPECT_EQ(runs, 1);
  });
}

TEST(xsync, XS_008_an_exception_that_is_no_panic_is_the_results_error) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    const auto answer = flights.call_chan(1, []() -> int { throw std::out_of_range("too far"); });
    const auto got = answer.next();
    EXPECT_FALSE(got->value.has_value());
    EXPECT_THROW(got->err.raise(), std::out_of_range);
  });
}

TEST(xsync, XS_008_after_forget_a_call_works_anew_beside_the_old_one) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    chan<void> release;
    chan<void> started;
    const auto old = flights.call_chan(1, [=] {
      started.send();
      release.recv();
      return 1;
    });
    started.recv();
    flights.forget(1);
    const auto fresh = flights.call_chan(1, [=] {
      started.send();
      release.recv();
      return 2;
    });
    started.recv();
    release.send();  // one of them ends, which must not drop the other's key
    release.send();
    EXPECT_EQ(old.next()->value, 1);
    EXPECT_EQ(fresh.next()->value, 2);
  });
}

TEST(xsync, XS_008_the_end_of_a_forgotten_call_leaves_the_new_one_in_flight) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    chan<void> release_old, release_new, started;
    const auto old = flights.call_chan(1, [=] { return started.send(), release_old.recv(), 1; });
    started.recv();
    flights.forget(1);
    const auto fresh = flights.call_chan(1, [=] { return started.send(), release_new.recv(), 2; });
    started.recv();
    release_old.send();
    EXPECT_EQ(old.next()->value, 1);
    const auto joined = flights.call_chan(1, [] { return 3; });
    release_new.send();
    EXPECT_EQ(fresh.next()->value, 2);
    EXPECT_EQ(joined.next()->value, 2);
  });
}

// --- semaphore

TEST(xsync, XS_009_waiters_are_served_in_order_and_a_large_request_holds_up_smaller_ones) {
  for (const int with_context : {0, 1, 2}) {  // none, all, every other one
    on_every_seed(50, [=] {
      semaphore s(4);
      s.acquire(4);
      std::vector<int> order;
      int asked = 0;
      const auto ask = [&](int n) {
        const bool plain = with_context == 0 || (with_context == 2 && asked++ % 2 == 0);
        go([&, n, plain] {
          if (plain)
            s.acquire(n);
          else
            EXPECT_FALSE(s.acquire(context::background(), n));
          order.push_back(n);
        });
        let_others_block();
      };
      const auto release = [&](int n) {
        s.release(n);
        let_others_block();
      };
      ask(3), ask(1), ask(2);
      release(1);
      EXPECT_THAT(order, ElementsAre()) << "the first asks for three";
      release(2);
      EXPECT_THAT(order, ElementsAre(3));
      release(1);
      EXPECT_THAT(order, ElementsAre(3, 1));
      release(1);
      EXPECT_THAT(order, ElementsAre(3, 1));
      release(1);
      EXPECT_THAT(order, ElementsAre(3, 1, 2));
    });
  }
}

TEST(xsync, XS_009_one_release_serves_all_that_fit) {
  on_every_schedule([] {
    semaphore s(3);
    s.acquire(3);
    wait_group wg;
    for (int i = 0; i < 3; ++i) {
      wg.go([&, i] {
        if (i == 1)
          EXPECT_FALSE(s.acquire(context::background()));
        else
          s.acquire();
      });
    }
    let_others_block();
    s.release(3);
    wg.wait();
    EXPECT_FALSE(s.try_acquire());
  });
}

TEST(xsync, XS_010_a_cancelled_context_fails_though_units_are_free) {
  on_every_schedule([] {
    semaphore s(2);
    auto [ctx, cancel] = with_cancel(context::background());
    cancel();
    EXPECT_EQ(s.acquire(ctx), context::canceled);
    EXPECT_TRUE(s.try_acquire(2)) << "nothing was taken";
  });
}

TEST(xsync, XS_010_a_cancelled_wait_takes_nothing_and_lets_those_behind_go_on) {
  on_every_schedule([] {
    semaphore s(2);
    s.acquire();
    auto [ctx, cancel] = with_cancel(context::background());
    wait_group wg;
    wg.go([&, ctx = ctx] { EXPECT_EQ(s.acquire(ctx, 2), context::canceled); });
    let_others_block();
    wg.go([&] { s.acquire(); });  // fits, but for the one in front
    let_others_block();
    cancel();
    wg.wait();
    s.release(2);
    EXPECT_TRUE(s.try_acquire(2));
    EXPECT_FALSE(s.try_acquire());
  });
}

TEST(xsync, XS_010_cancellation_and_release_at_once_lose_no_unit) {
  on_every_schedule([] {
    semaphore s(1);
    s.acquire();
    auto [ctx, cancel] = with_cancel(context::background());
    wait_group wg;
    for (int i = 0; i < 3; ++i) {
      wg.go([&, ctx = ctx] {
        if (!s.acquire(ctx)) s.release();
      });
    }
    wg.go([&, cancel = cancel] { cancel(); });
    wg.go([&] { s.release(); });
    wg.wait();
    EXPECT_TRUE(s.try_acquire());
    EXPECT_FALSE(s.try_acquire());
  });
}

TEST(xsync, XS_011_more_than_there_is_waits_for_the_context) {
  on_every_schedule([] {
    semaphore s(1);
    auto [ctx, cancel] = with_timeout(context::background(), 1ms);
    EXPECT_EQ(s.acquire(ctx, 2), context::deadline_exceeded);
    EXPECT_TRUE(s.try_acquire());
  });
}

TEST(xsync, XS_011_and_is_in_nobodys_way) {
  on_every_schedule([] {
    semaphore s(1);
    auto [ctx, cancel] = with_cancel(context::background());
    wait_group wg;
    wg.go([&, ctx = ctx] { EXPECT_EQ(s.acquire(ctx, 2), context::canceled); });
    let_others_block();
    s.acquire();
    EXPECT_EQ(ctx.err(), error());
    cancel();
    wg.wait();
  });
}

TEST(xsync, XS_011_without_a_context_it_waits_for_ever) {
  expect_deadlock([] { semaphore(1).acquire(2); }, {"semacquire"});
}

TEST(xsync, XS_012_try_acquire_fails_if_anyone_waits) {
  on_every_seed(50, [] {
    semaphore s(3);
    s.acquire(2);
    go([&] {
      s.acquire(2);
      s.release(2);
    });
    let_others_block();
    EXPECT_FALSE(s.try_acquire()) << "overtook the one that waits";
    s.release(2);
    let_others_block();
    EXPECT_TRUE(s.try_acquire(3));
    EXPECT_FALSE(s.try_acquire());
  });
}

TEST(xsync, XS_012_releasing_more_than_is_held_panics) {
  on_every_schedule([] {
    semaphore s(2);
    EXPECT_EQ(panic_of([&] { s.release(); }), "semaphore: released more than held");
    s.acquire();
    EXPECT_EQ(panic_of([&] { s.release(2); }), "semaphore: released more than held");
    s.release();
    EXPECT_TRUE(s.try_acquire(2));
  });
}

}  // namespace
}  // namespace snag::test
