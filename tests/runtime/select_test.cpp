// SPDX-License-Identifier: Apache-2.0
// The language's rules for select.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(select, runs_the_ready_case_and_answers_its_index) {
  on_every_seed(20, [] {
    chan<int> a(1), b(1);
    b << 7;
    int got = 0;
    EXPECT_EQ(select(on_recv(a, [&](int) { ADD_FAILURE(); }), on_recv(b, [&](int v) { got = v; })), 1);
    EXPECT_EQ(got, 7);
  });
}

TEST(select, handlers_may_take_the_value_the_state_both_or_nothing) {
  simulate(schedule::random(1), [] {
    chan<int> c(8);
    for (int i = 1; i <= 6; ++i) c << i;
    std::string seen;
    select(on_recv(c, [&](int v) { seen += std::to_string(v); }));
    select(on_recv(c, [&](int v, bool ok) { seen += std::to_string(v) + (ok ? "+" : "-"); }));
    select(on_recv(c, [&] { seen += "x"; }));
    select(on_recv(c));
    select(on_next(c, [&](std::optional<int> v) { seen += std::to_string(*v); }));
    select(on_recv(c, [&](auto v) { seen += std::to_string(v); }));
    c.close();
    select(on_recv(c, [&](int v) { seen += std::to_string(v); }));
    select(on_recv(c, [&](int v, bool ok) { seen += std::to_string(v) + (ok ? "+" : "-"); }));
    select(on_next(c, [&](std::optional<int> v) { seen += v ? "some" : "none"; }));
    EXPECT_EQ(seen, "12+x5600-none");

    chan<void> signal(2);
    signal.send();
    int signals = 0;
    select(on_recv(signal, [&] { ++signals; }));
    select(on_send(signal, [&] { ++signals; }));
    signal.recv();
    signal.close();
    select(on_next(signal, [&](bool ok) { signals += ok ? 10 : 1; }));
    EXPECT_EQ(signals, 3);
  });
}

TEST(select, takes_the_default_if_nothing_is_ready) {
  simulate(schedule::random(1), [] {
    chan<int> c, nil = nullptr;
    EXPECT_EQ(select(on_recv(c), on_send(c, 1), on_default()), 2);
    EXPECT_EQ(select(on_default(), on_recv(nil), on_send(nil, 1)), 0);
    EXPECT_EQ(select(on_default()), 0);
  });
}

TEST(select, without_cases_blocks_for_ever) {
  EXPECT_EXIT(simulate(schedule::random(1), [] { select(); }), testing::ExitedWithCode(2),
              "all goroutines are asleep - deadlock!(.|\n)*\\[select \\(no cases\\)");
  EXPECT_EXIT(simulate(schedule::random(1), [] { select(on_recv(chan<int>(nullptr))); }),
              testing::ExitedWithCode(2),
              "all goroutines are asleep - deadlock!(.|\n)*\\[chan receive \\(nil chan\\)");
}

TEST(select, a_closed_channel_is_ready) {
  simulate(schedule::random(1), [] {
    chan<int> closed;
    closed.close();
    EXPECT_EQ(select(on_next(closed, [](std::optional<int> v) { EXPECT_FALSE(v); }), on_default()), 0);
    EXPECT_EQ(panic_of([&] { select(on_send(closed, 1), on_default()); }), "send on closed channel");
    chan<std::string> s;
    s.close();
    EXPECT_EQ(panic_of([&] { select(on_send(s, "x"), on_default()); }), "send on closed channel");
  });
}

TEST(select, waits_until_a_case_can_go_on) {
  on_every_schedule([] {
    chan<int> a, b;
    go([=] { b << 3; });
    EXPECT_EQ(select(on_recv(a), on_recv(b, [](int v) { EXPECT_EQ(v, 3); })), 1);
    go([=] { EXPECT_EQ(a.recv(), 4); });
    EXPECT_EQ(select(on_send(a, 4), on_recv(b)), 0);
    go([=] { b.close(); });
    EXPECT_EQ(select(on_recv(a), on_next(b, [](std::optional<int> v) { EXPECT_FALSE(v); })), 1);
  });
}

TEST(select, a_waiting_send_panics_when_its_channel_is_closed) {
  on_every_schedule([] {
    chan<int> a, b;
    go([=] { a.close(); });
    EXPECT_EQ(panic_of([&] { select(on_send(a, 1), on_recv(b)); }), "send on closed channel");
  });
}

// Go's bound: over n trials two cases that are always ready differ from 1/2 by at most this (a z-score that
// fails once in a million runs).
TEST(select, chooses_uniformly_among_ready_cases) {
  constexpr int trials = 10000;
  simulate(schedule::random(11), [] {
    chan<int> a(trials + 1), b(trials + 1);
    for (int i = 0; i <= trials; ++i) a << 1, b << 1;
    int first = 0;
    for (int i = 0; i < trials; ++i) first += select(on_recv(a), on_recv(b)) == 0;
    EXPECT_LT(std::abs(first / double(trials) - 0.5), 4.891676 / (2 * std::sqrt(double(trials))));
  });
  chan<int> c(trials);
  int third = 0;
  for (int i = 0; i < trials; ++i) third += select(on_send(c, 1), on_send(c, 2), on_send(c, 3)) == 2;
  EXPECT_LT(std::abs(third / double(trials) - 1 / 3.),
            4.891676 * std::sqrt(2.) / (3 * std::sqrt(double(trials))));
}

TEST(select, chooses_both_of_two_sends_to_one_channel) {
  chan<int> c(100);
  for (int i = 0; i < 100; ++i) select(on_send(c, 0), on_send(c, 1));
  int ones = 0;
  for (int i = 0; i < 100; ++i) ones += c.recv();
  EXPECT_GT(ones, 10);
  EXPECT_LT(ones, 90);
}

// At every instant one of the channels is ready, so the default must never run.
TEST(select, decides_over_all_channels_at_once) {
  on_every_schedule(
      [] {
        wait_group wg;
        for (int i = 0; i < 20; ++i) {
          chan<int> a(1), b(1);
          a << 1;
          wg.go([=] {
            const int chosen = select(on_recv(a), on_recv(b), on_default());
            EXPECT_NE(chosen, 2);
          });
          b << 1;
          select(on_recv(a), on_default());
          wg.wait();
        }
      },
      100, 50);
}

TEST(select, decides_at_once_also_against_close) {
  on_every_schedule(
      [] {
        wait_group wg;
        for (int i = 0; i < 20; ++i) {
          chan<int> a(1), b;
          a << 1;
          wg.go([=] { EXPECT_NE(select(on_recv(a), on_recv(b), on_default()), 2); });
          b.close();
          select(on_recv(a), on_default());
          wg.wait();
        }
      },
      100, 50);
}

// The same with elements that are moved in after the choice.
TEST(select, decides_at_once_while_an_element_is_being_made) {
  on_every_schedule(
      [] {
        wait_group wg;
        for (int i = 0; i < 20; ++i) {
          chan<std::string> a(1), b(1);
          a << "a";
          wg.go([=] { EXPECT_NE(select(on_recv(a), on_recv(b), on_default()), 2); });
          EXPECT_TRUE(b.try_send(std::string("b")));
          select(on_recv(a), on_default());
          wg.wait();
        }
      },
      100, 50);
}

TEST(select, never_meets_itself) {
  for (int capacity : {0, 10}) {
    on_every_schedule(
        [capacity] {
          chan<int> c(capacity);
          wait_group wg;
          for (int p = 0; p < 2; ++p) {
            wg.go([=] {
              for (int i = 0; i < 50; ++i) {
                if (p == 0 || i % 2 == 0) {
                  select(on_send(c, p), on_recv(c, [&](int v) {
                           EXPECT_TRUE(capacity != 0 || v == 1 - p) << "received its own value";
                         }));
                } else {
                  select(on_recv(c,
                                 [&](int v) {
                                   EXPECT_TRUE(capacity != 0 || v == 1 - p) << "received its own value";
                                 }),
                         on_send(c, p));
                }
              }
            });
          }
          wg.wait();
        },
        20, 5);
  }
}

TEST(select, may_name_one_channel_twice) {
  on_every_schedule([] {
    chan<int> c, d;
    wait_group wg;
    std::atomic<int> sum{0};
    auto add = [&](int v) { sum += v; };
    wg.go([&] { select(on_recv(c, add), on_recv(c, add), on_recv(d)); });
    let_others_block();
    wg.go([&] { select(on_recv(d), on_recv(c, add), on_recv(c, add)); });
    let_others_block();
    wg.go([=] { select(on_send(c, 1), on_send(c, 1), on_recv(d)); });
    wg.go([=] { c << 10; });
    wg.wait();
    EXPECT_EQ(sum, 11);
    EXPECT_FALSE(c.try_send(1)) << "a waiter was left behind";
    EXPECT_EQ(c.try_recv(), chan_status::empty);
  });
}

TEST(select, a_loser_leaves_the_queue_of_the_others_intact) {
  on_every_schedule([] {
    chan<bool> c1, c2, c3, c4;
    wait_group wg;
    wg.go([=] { c1.recv(); });
    wg.go([=] {
      select(on_recv(c1, [] { ADD_FAILURE(); }), on_recv(c2, [](bool v) { EXPECT_TRUE(v); }), on_recv(c3));
      c4 << true;
    });
    let_others_block();
    c2 << true;
    c4.recv();
    wg.go([=] { c1.recv(); });
    let_others_block();
    c1 << true;
    c1 << true;
    wg.wait();
  });
}

TEST(select, a_peer_that_serves_it_serves_it_once) {
  on_every_schedule(
      [] {
        constexpr int values = 40;
        chan<int> a, b, done;
        for (const auto& c : {a, b}) {
          go([=] {
            for (int i = 0; i < values; ++i) c << i;
            done << 1;
          });
        }
        int got = 0;
        for (int finished = 0; finished < 2;) {
          select(on_recv(a, [&] { ++got; }), on_recv(b, [&] { ++got; }), on_recv(done, [&] { ++finished; }));
        }
        EXPECT_EQ(got, 2 * values);
      },
      20, 10);
}

TEST(select, many_of_them_make_progress_over_four_channels) {
  on_every_schedule(
      [] {
        constexpr int n = 25;
        chan<int> c[4] = {chan<int>(), chan<int>(), chan<int>(2), chan<int>(3)};
        wait_group wg;
        for (int k = 0; k < 4; ++k) {
          wg.go([=] {
            for (int i = 0; i < n; ++i) c[k] << 0;
          });
          wg.go([=] {
            for (int i = 0; i < n; ++i) c[k].recv();
          });
        }
        wg.go([=] {
          int left[4] = {n, n, n, n};
          chan<int> open[4] = {c[0], c[1], c[2], c[3]};
          for (int i = 0; i < 4 * n; ++i) {
            const int k =
                select(on_send(open[3], 0), on_send(open[2], 0), on_send(open[0], 0), on_send(open[1], 0));
            const int at = k == 0 ? 3 : k == 1 ? 2 : k == 2 ? 0 : 1;
            if (--left[at] == 0) open[at] = nullptr;
          }
        });
        wg.go([=] {
          int left[4] = {n, n, n, n};
          chan<int> open[4] = {c[0], c[1], c[2], c[3]};
          for (int i = 0; i < 4 * n; ++i) {
            const int k = select(on_recv(open[0]), on_recv(open[1]), on_recv(open[2]), on_recv(open[3]));
            if (--left[k] == 0) open[k] = nullptr;
          }
        });
        wg.wait();
        for (auto& ch : c) EXPECT_EQ(ch.len(), 0u);
      },
      20, 5);
}

TEST(select, evaluates_plain_values_when_it_begins) {
  on_every_seed(20, [] {
    chan<int> c;
    int v = 1;
    go([&, c] { select(on_send(c, v)); });
    let_others_block();
    v = 2;
    EXPECT_EQ(c.recv(), 1);
  });
}

TEST(select, times_out_by_the_virtual_clock) {
  on_every_seed(20, [] {
    chan<int> c;
    const auto start = clock::now();
    EXPECT_EQ(select(on_recv(c), on_timeout(1h, [] {}), on_timeout(2h)), 1);
    EXPECT_EQ(clock::now() - start, 1h);
    EXPECT_EQ(select(on_timeout(3s)), 0);
    EXPECT_EQ(clock::now() - start, 1h + 3s);
    EXPECT_EQ(select(on_timeout(0s), on_recv(c)), 0);
    EXPECT_EQ(select(on_timeout(-1s), on_recv(c)), 0);
    EXPECT_EQ(select(on_timeout(1s), on_recv(c), on_default()), 2);
    go([=] {
      sleep_for(5s);
      c << 1;
    });
    EXPECT_EQ(select(on_timeout(10s), on_recv(c)), 1);
    EXPECT_EQ(select(on_timeout(std::chrono::hours::max()), on_default()), 1);
  });
}

TEST(select, a_deadline_and_a_peer_at_the_same_moment_do_one_thing) {
  on_every_schedule(
      [] {
        chan<int> c;
        std::atomic<int> received{0};
        wait_group wg;
        for (int i = 0; i < 10; ++i) {
          wg.go([=, &received] { select(on_recv(c, [&] { ++received; }), on_timeout(1ms)); });
        }
        int sent = 0;
        wg.go([=, &sent] {
          sleep_for(1ms);
          for (int i = 0; i < 10; ++i) sent += select(on_send(c, i), on_timeout(10us)) == 0;
        });
        wg.wait();
        EXPECT_EQ(received, sent);
      },
      100, 50);
}

TEST(select_any, takes_cases_known_at_run_time) {
  on_every_schedule(
      [] {
        std::vector<chan<int>> channels;
        for (int i = 0; i < 40; ++i) channels.emplace_back(0);
        int got = -1;
        std::vector<any_case> cases;
        for (chan<int> c : channels) cases.push_back(on_recv(c, [&](int v) { got = v; }));
        go([=] { channels[33] << 5; });
        EXPECT_EQ(select_any(cases), 33);
        EXPECT_EQ(got, 5);
        go([=] { channels[7] << 6; });
        EXPECT_EQ(select_any(cases), 7);  // the cases may be used again
        EXPECT_EQ(got, 6);
        cases.push_back(on_default());
        EXPECT_EQ(select_any(cases), 40);
        std::vector<any_case> strings;
        chan<std::string> s(2);
        strings.push_back(on_send(s, std::string("hello")));
        EXPECT_EQ(select_any(strings), 0);
        strings.clear();
        strings.push_back(on_recv(s, [&](std::string v) { EXPECT_EQ(v, "hello"); }));
        EXPECT_EQ(select_any(strings), 0);
      },
      10, 5);
}

TEST(select_any, refuses_too_many_cases) {
  simulate(schedule::random(1), [] {
    chan<int> c;
    std::vector<any_case> cases;
    for (int i = 0; i < 65537; ++i) cases.push_back(on_recv(c));
    EXPECT_EQ(panic_of([&] { select_any(cases); }), "reflect.Select: too many cases (max 65536)");
  });
}

TEST(select_any, refuses_two_defaults_and_what_is_no_case_any_more) {
  simulate(schedule::random(1), [] {
    std::vector<any_case> cases;
    cases.push_back(on_default());
    cases.push_back(on_default());
    EXPECT_EQ(panic_of([&] { select_any(cases); }), "reflect.Select: multiple default cases");
    const any_case moved = std::move(cases[1]);
    EXPECT_EQ(panic_of([&] { select_any(cases); }), "reflect.Select: invalid Dir");
    cases.pop_back();
    EXPECT_EQ(select_any(cases), 0);
  });
}

TEST(select, a_million_of_them_leave_nothing_behind) {
  simulate(schedule::random(1), [] {
    chan<int> a, b, quit;
    go([=] {
      for (int i = 0; i < 100'000; ++i) a << i;
      quit.close();
    });
    for (bool running = true; running;) {
      select(on_recv(a), on_recv(b), on_recv(quit, [&] { running = false; }));
    }
    EXPECT_EQ(a.len(), 0u);
  });
}

}  // namespace
}  // namespace snag::test
