// SPDX-License-Identifier: Apache-2.0
// Go specification, "Select statements", and what Go's own tests hold select to; rules SE-001 to SE-027.
#include "snag/select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snag/context.h"
#include "snag/time.h"
#include "tests/conformance/support.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(select, SE_001_exactly_one_ready_case_is_executed) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> a(3), b(3), out(3);
    for (int i = 0; i < 3; ++i) a << value<T>(1), b << value<T>(2);
    int ran = 0;
    for (int i = 1; i <= 3; ++i) {
      select(on_recv(a, [&] { ++ran; }), on_recv(b, [&] { ++ran; }),
             on_send(out, value<T>(3), [&] { ++ran; }), on_default([&] { ran += 100; }));
      EXPECT_EQ(ran, i);
      EXPECT_EQ((3 - a.len()) + (3 - b.len()) + out.len(), static_cast<std::size_t>(i));
    }
  });
}
// Go's doubleselect: one sender, four channels, nothing arrives twice.
TEST(select, SE_001_no_value_is_sent_by_two_cases) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c[4], all;
    wait_group wg, muxing;
    wg.go([=] {
      for (int i = 0; i < 30; ++i) {
        select(on_send(c[0], value<T>(i)), on_send(c[1], value<T>(i)), on_send(c[2], value<T>(i)),
               on_send(c[3], value<T>(i)));
      }
      for (const auto& each : c) each.close();
    });
    for (const auto& from : c) {
      muxing.go([=] {
        for (T& v : from) all << std::move(v);
      });
    }
    go([=] {
      muxing.wait();
      all.close();
    });
    std::set<T> seen;
    for (const T& v : all) EXPECT_TRUE(seen.insert(v).second) << v;
    EXPECT_EQ(seen.size(), 30u);
    wg.wait();
  });
}

// The chi-square statistic of `hits` against the uniform distribution.
double chi_square(const std::vector<int>& hits) {
  double trials = 0, sum = 0;
  for (int n : hits) trials += n;
  const double expected = trials / static_cast<double>(hits.size());
  for (int n : hits) sum += (n - expected) * (n - expected) / expected;
  return sum;
}
// Three degrees of freedom: 34 is passed by chance once in five million runs, and 70 runs make a test.
constexpr double improbable = 34;

TEST(select, SE_002_the_choice_among_ready_cases_is_uniform) {
  on_every_schedule([] {
    constexpr int trials = 800;
    const chan<int> a(trials), b(trials), closed, out(trials);
    closed.close();
    for (int i = 0; i < trials; ++i) a << 1, b << 1;
    std::vector<int> hits(4);
    for (int i = 0; i < trials; ++i) {
      ++hits[static_cast<std::size_t>(select(on_recv(a), on_recv(closed), on_recv(b), on_send(out, 1)))];
    }
    EXPECT_LT(chi_square(hits), improbable);
  });
}
// Also when a channel that is never ready, or nil, stands between them.
TEST(select, SE_002_cases_that_are_not_ready_do_not_bend_the_choice) {
  on_every_schedule([] {
    constexpr int trials = 800;
    const chan<int> ready(4 * trials), never, nil = nullptr;
    for (int i = 0; i < trials; ++i) ready << 1;
    std::vector<int> hits(7);
    for (int i = 0; i < trials; ++i) {
      ++hits[static_cast<std::size_t>(select(on_recv(ready), on_recv(never), on_recv(nil), on_recv(ready),
                                             on_send(never, 1), on_recv(ready), on_recv(ready)))];
    }
    EXPECT_EQ(hits[1] + hits[2] + hits[4], 0);
    EXPECT_LT(chi_square({hits[0], hits[3], hits[5], hits[6]}), improbable);
  });
}

TEST(select, SE_003_ten_thousand_choices_differ_from_one_half_by_no_more_than_gos_bound) {
  on_every_schedule([] {
    constexpr int trials = 10000;
    const chan<int> c1(trials + 1), c2(trials + 1), out1, out2;
    for (int i = 0; i <= trials; ++i) c1 << 1, c2 << 2;
    int first = 0;
    for (int i = 0; i < trials; ++i) {
      select(on_recv(c1, [&] { ++first; }), on_recv(c2), on_recv(out1, [] { ADD_FAILURE(); }),
             on_recv(out2, [] { ADD_FAILURE(); }));
    }
    EXPECT_LT(std::abs(first / double(trials) - 0.5), 4.891676 / (2 * std::sqrt(double(trials))));
  });
}

TEST(select, SE_004_two_sends_to_one_channel_are_both_chosen) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 100}) {
      const chan<T> c(capacity);
      wait_group wg;
      wg.go([=] {
        for (int i = 0; i < 100; ++i) select(on_send(c, value<T>(1)), on_send(c, value<T>(2)));
      });
      int ones = 0;
      for (int i = 0; i < 100; ++i) ones += c.recv() == value<T>(1);
      EXPECT_GT(ones, 10);
      EXPECT_LT(ones, 90);
      wg.wait();
    }
  });
}

TEST(select, SE_005_the_default_runs_if_nothing_is_ready) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> empty, full(1);
    full << value<T>(1);
    int ran = 0;
    EXPECT_EQ(select(on_recv(empty), on_send(empty, value<T>(1)), on_send(full, value<T>(2)),
                     on_default([&] { ++ran; })),
              3);
    EXPECT_EQ(select(on_default([&] { ++ran; }), on_recv(empty), on_timeout(1h)), 0);
    EXPECT_EQ(select(on_default([&] { ++ran; })), 0);
    EXPECT_EQ(ran, 3);
    EXPECT_EQ(select(on_default([&] { ++ran; }), on_recv(full)), 1) << "but not if something is";
    EXPECT_EQ(ran, 3);
  });
}

TEST(select, SE_006_without_a_default_it_blocks_until_a_case_can_proceed) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> a, b, full(1);
    full << value<T>(1);
    for (int way = 0; way < 4; ++way) {
      std::atomic<bool> may{false};
      std::atomic<int> ran{-1};
      wait_group wg;
      wg.go([&, a, b, full] {
        ran = select(on_recv(a, [&](T v, bool ok) { EXPECT_EQ(v, ok ? value<T>(5) : T{}); }),
                     on_send(b, value<T>(6)), on_send(full, value<T>(7)), on_timeout(1h));
        EXPECT_TRUE(may);
      });
      let_others_block();
      may = true;
      if (way == 0) a << value<T>(5);
      if (way == 1) EXPECT_EQ(b.recv(), value<T>(6));
      if (way == 2) {
        EXPECT_EQ(full.recv(), value<T>(1));
        wg.wait();
        EXPECT_EQ(full.recv(), value<T>(7));
        full << value<T>(1);
      }
      if (way == 3) a.close();
      wg.wait();
      EXPECT_EQ(ran, way == 3 ? 0 : way);
    }
  });
}

TEST(select, SE_007_without_cases_it_blocks_for_ever) {
  expect_blocks_for_ever([] { select(); }, "select (no cases)");
}
TEST(select, SE_007_an_empty_range_of_cases_blocks_for_ever) {
  expect_blocks_for_ever([] { select_any(std::vector<any_case>()); }, "select (no cases)");
}

TEST(select, SE_008_with_nil_channels_only_it_blocks_for_ever) {
  expect_blocks_for_ever(
      [] {
        const chan<int> nil = nullptr;
        select(on_recv(nil), on_send(nil, 1));
      },
      "select");
}
TEST(select, SE_008_a_nil_channel_is_never_ready) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> nil = nullptr, one(1);
    EXPECT_EQ(select(on_recv(nil), on_send(nil, value<T>(1)), on_default()), 2);
    one << value<T>(1);
    EXPECT_EQ(select(on_recv(nil), on_recv(one), on_send(nil, value<T>(1))), 1);
    EXPECT_EQ(select(on_recv(nil), on_send(nil, value<T>(1)), on_timeout(1us)), 2);
    wait_group wg;
    wg.go([=] { EXPECT_EQ(select(on_send(nil, value<T>(1)), on_recv(nil), on_recv(one)), 2); });
    let_others_block();
    one << value<T>(2);
    wg.wait();
  });
}

TEST(select, SE_009_a_receive_case_on_a_closed_channel_is_always_ready) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> closed, never;
    closed.close();
    for (int i = 0; i < 5; ++i) {
      int ran = 0;
      EXPECT_EQ(select(on_recv(never), on_recv(closed,
                                               [&](T v, bool ok) {
                                                 ++ran;
                                                 EXPECT_EQ(v, T{});
                                                 EXPECT_FALSE(ok);
                                               })),
                1);
      EXPECT_EQ(select(on_next(closed, [&](std::optional<T> v) { EXPECT_FALSE(v); }), on_default()), 0);
      EXPECT_EQ(ran, 1);
    }
  });
}

TEST(select, SE_010_a_send_case_on_a_closed_channel_panics_if_it_is_chosen) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      const chan<T> closed(capacity), never;
      closed.close();
      EXPECT_EQ(panic_of([&] { select(on_send(closed, value<T>(1)), on_default()); }),
                "send on closed channel");
      EXPECT_EQ(panic_of([&] { select(on_recv(never), on_send(closed, value<T>(1))); }),
                "send on closed channel");
    }
    // It counts as ready, no more and no less: of two ready cases, each is chosen now and then.
    const chan<T> closed, ready(1);
    closed.close();
    int panics = 0, received = 0;
    for (int i = 0; i < 100; ++i) {
      (void)ready.try_send(value<T>(1));
      panics += !panic_of([&] {
                   select(on_recv(ready, [&] { ++received; }), on_send(closed, value<T>(1)));
                 }).empty();
    }
    EXPECT_EQ(panics + received, 100);
    EXPECT_GT(panics, 10);
    EXPECT_GT(received, 10);
  });
}
TEST(select, SE_010_a_waiting_send_case_panics_when_its_channel_is_closed) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> a, b;
    wait_group wg;
    wg.go([=] {
      EXPECT_EQ(panic_of([&] { select(on_send(a, value<T>(1)), on_recv(b)); }), "send on closed channel");
    });
    let_others_block();
    a.close();
    wg.wait();
    EXPECT_FALSE(b.try_send(value<T>(1))) << "a waiter was left behind";
  });
}

TEST(select, SE_011_channels_and_values_are_evaluated_once_in_source_order) {
  on_every_schedule_and_element([]<class T>() {
    std::string order;
    const chan<T> never, ready(1), out;
    auto channel = [&](const chan<T>& c, char name) {
      order += name;
      return c;
    };
    auto number = [&](char name) {
      order += name;
      return value<T>(1);
    };
    ready << value<T>(2);
    // Braces, unlike a call's parentheses, fix the order in C++: a list of cases is evaluated as Go's is.
    any_case cases[] = {on_recv(channel(never, 'a')), on_send(channel(out, 'b'), number('c')),
                        on_recv(channel(ready, 'd')), on_send(channel(nullptr, 'e'), number('f'))};
    EXPECT_EQ(select_any(cases), 2);
    EXPECT_EQ(order, "abcdef");
    // As arguments they are evaluated once each, chosen or not, before anything happens.
    order.clear();
    EXPECT_EQ(select(on_recv(channel(never, 'a')), on_send(channel(out, 'b'), number('c')),
                     on_recv(channel(ready, 'd')), on_default()),
              3);
    std::ranges::sort(order);
    EXPECT_EQ(order, "abcd");
    auto panics = []() -> T { panic("no value"); };
    ready << value<T>(2);
    EXPECT_EQ(panic_of([&] { select(on_recv(ready), on_send(out, panics())); }), "no value");
    EXPECT_EQ(ready.len(), 1u);
  });
}

TEST(select, SE_012_where_a_value_goes_is_evaluated_only_if_its_case_is_chosen) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> never, ready(1);
    ready << value<T>(3);
    std::array<T, 2> places{};
    int evaluated = 0;
    auto place = [&](std::size_t i) -> T& {
      ++evaluated;
      return places[i];
    };
    select(on_recv(never, [&](T v) { place(0) = v; }), on_recv(ready, [&](T v) { place(1) = v; }));
    EXPECT_EQ(evaluated, 1);
    EXPECT_EQ(places[0], T{});
    EXPECT_EQ(places[1], value<T>(3));
    select(on_recv(never, [&](T v) { place(0) = v; }), on_default());
    EXPECT_EQ(evaluated, 1);
  });
}

// At every instant at least one of the two channels is ready, so the default must never run.
template <class T, class MakeReady>
void never_takes_the_default(int capacity_of_second, MakeReady make_ready) {
  for (int i = 0; i < 10; ++i) {
    const chan<T> a(1), b(capacity_of_second);
    a << value<T>(1);
    wait_group wg;
    wg.go([=] { EXPECT_NE(select(on_recv(a), on_recv(b), on_default()), 2); });
    make_ready(b);
    select(on_recv(a), on_default());
    wg.wait();
  }
}
TEST(select, SE_013_the_decision_is_atomic_over_all_channels) {
  on_every_schedule_and_element(
      []<class T>() { never_takes_the_default<T>(1, [](const chan<T>& b) { b << value<T>(2); }); }, 100, 100);
}
TEST(select, SE_013_also_against_a_close) {
  on_every_schedule_and_element(
      []<class T>() { never_takes_the_default<T>(0, [](const chan<T>& b) { b.close(); }); }, 100, 100);
}
TEST(select, SE_013_also_against_what_is_tried) {
  on_every_schedule_and_element(
      []<class T>() {
        never_takes_the_default<T>(1, [](const chan<T>& b) { EXPECT_TRUE(b.try_send(value<T>(2))); });
        never_takes_the_default<T>(
            1, [](const chan<T>& b) { EXPECT_EQ(select(on_send(b, value<T>(2)), on_default()), 0); });
      },
      50, 50);
}

TEST(select, SE_014_one_channel_may_stand_in_several_cases) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c, d, buffered(1);
    for (int order = 0; order < 2; ++order) {
      std::atomic<int> received{0};
      wait_group wg;
      wg.go([&, c, d] {
        select(on_recv(c, [&] { ++received; }), on_recv(c, [&] { ++received; }), on_recv(d));
      });
      let_others_block();
      wg.go([&, c, d] {
        select(on_recv(d), on_recv(c, [&] { ++received; }), on_recv(c, [&] { ++received; }));
      });
      let_others_block();
      wg.go([=] {
        if (order == 0) {
          select(on_send(c, value<T>(1)), on_send(c, value<T>(2)), on_recv(d));
        } else {
          c << value<T>(1);
        }
      });
      c << value<T>(3);
      wg.wait();
      EXPECT_EQ(received, 2);
      EXPECT_FALSE(c.try_send(value<T>(1))) << "a waiter was left behind";
      EXPECT_FALSE(d.try_send(value<T>(1))) << "a waiter was left behind";
      EXPECT_EQ(c.try_recv(), chan_status::empty);
    }
    // Mixed: on a buffer of its own a select may send and receive.
    for (int i = 0; i < 6; ++i) {
      const int ran = select(on_send(buffered, value<T>(i)), on_recv(buffered));
      EXPECT_EQ(ran, i % 2);
    }
  });
}

TEST(select, SE_015_a_select_never_meets_itself) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c;
    EXPECT_EQ(select(on_send(c, value<T>(1)), on_recv(c), on_default()), 2);
    EXPECT_EQ(select(on_send(c, value<T>(1)), on_recv(c), on_timeout(1us)), 2);
    wait_group wg;
    for (int p = 1; p <= 2; ++p) {
      wg.go([=] {
        for (int i = 0; i < 20; ++i) {
          auto other = [&](T v) { EXPECT_EQ(v, value<T>(3 - p)) << "received its own value"; };
          if (p == 1 || i % 2 == 0) {
            select(on_send(c, value<T>(p)), on_recv(c, other));
          } else {
            select(on_recv(c, other), on_send(c, value<T>(p)));
          }
        }
      });
    }
    wg.wait();
  });
}

TEST(select, SE_016_concurrent_selects_in_any_order_of_channels_do_not_deadlock) {
  on_every_schedule_and_element([]<class T>() {
    std::array<chan<T>, 4> c;
    for (std::size_t i = 2; i < 4; ++i) c[i] = chan<T>(1);
    wait_group wg;
    // Each permutation of the channels once, as senders and as receivers; each channel twice in one select.
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    do {
      wg.go([=] {
        select(on_send(c[order[0]], value<T>(1)), on_send(c[order[1]], value<T>(1)),
               on_send(c[order[2]], value<T>(1)), on_send(c[order[3]], value<T>(1)),
               on_send(c[order[0]], value<T>(1)));
      });
      wg.go([=] {
        select(on_recv(c[order[0]]), on_recv(c[order[1]]), on_recv(c[order[2]]), on_recv(c[order[3]]),
               on_recv(c[order[0]]));
      });
    } while (std::ranges::next_permutation(order).found);
    wg.wait();
  });
}

// Were the cases looked at in the order of their locks, or of the source, the same one would win each time.
TEST(select, SE_017_channels_are_looked_at_in_a_random_order) {
  on_every_schedule([] {
    std::vector<chan<int>> channels;
    for (int i = 0; i < 20; ++i) channels.emplace_back(1);
    std::vector<any_case> cases;
    for (const auto& c : channels) cases.push_back(on_recv(c));
    std::set<int> chosen;
    for (int round = 0; round < 60; ++round) {
      for (const auto& c : channels) (void)c.try_send(1);
      chosen.insert(select_any(cases));
    }
    EXPECT_GT(chosen.size(), 10u);  // of 20; fewer in less than one of 10^9 runs
  });
}

TEST(select, SE_018_a_woken_select_is_off_the_queues_of_all_its_other_channels) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> a, b, full(1);
    full << value<T>(1);
    for (int way = 0; way < 3; ++way) {
      wait_group wg;
      std::atomic<int> ran{-1};
      wg.go(
          [&, a, b, full] { ran = select(on_recv(a), on_send(b, value<T>(1)), on_send(full, value<T>(2))); });
      let_others_block();
      if (way == 0) a << value<T>(1);
      if (way == 1) b.recv();
      if (way == 2) full.recv();
      wg.wait();
      EXPECT_EQ(ran, way);
      EXPECT_FALSE(a.try_send(value<T>(1)));
      EXPECT_EQ(b.try_recv(), chan_status::empty);
      EXPECT_EQ(full.len(), 1u);
      full.recv();
      EXPECT_EQ(full.try_recv(), chan_status::empty) << "the loser's value was sent all the same";
      full << value<T>(1);
    }
  });
}

// Go issue 2075: the loser was last in the queue, and the queue's tail then pointed nowhere.
TEST(select, SE_019_a_loser_leaves_the_queue_whole_where_it_was_last) {
  on_every_schedule_and_element(
      []<class T>() {
        const chan<T> c1, c2, c3;
        wait_group wg;
        wg.go([=] { c1.recv(); });
        let_others_block();
        wg.go([=] {
          select(on_recv(c1, [] { ADD_FAILURE(); }), on_recv(c2));
          c3 << value<T>(1);
          c1.recv();
        });
        let_others_block();
        wg.go([=] { c2 << value<T>(1); });
        c3.recv();
        wg.go([=] { c1.recv(); });
        for (int i = 0; i < 3; ++i) c1 << value<T>(1);
        wg.wait();
      },
      50, 0);  // on real threads the first receiver need not have come before the select
}
TEST(select, SE_019_also_where_it_was_queued_twice_or_in_the_middle) {
  on_every_schedule_and_element(
      []<class T>() {
        const chan<T> c, d;
        wait_group wg;
        std::atomic<int> received{0};
        wg.go([&, c] { received += c.next().has_value(); });
        for (int i = 0; i < 2; ++i) {
          let_others_block();
          wg.go([=] { EXPECT_EQ(select(on_recv(c), on_recv(d), on_recv(c)), 1); });
          let_others_block();
          wg.go([&, c] { received += c.next().has_value(); });
        }
        let_others_block();
        d << value<T>(1);  // to the first select, then to the second
        d << value<T>(1);
        let_others_block();
        for (int i = 0; i < 3; ++i) c << value<T>(1);
        wg.wait();
        EXPECT_EQ(received, 3);
        EXPECT_FALSE(c.try_send(value<T>(1)));
      },
      50, 0);
}

// Several peers find the same select waiting; one of them may have it, the others must find the next waiter.
TEST(select, SE_020_one_peer_wins_and_no_wake_up_is_lost) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> a, b;
    std::atomic<int> served{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, a, b] { select(on_recv(a, [&] { ++served; }), on_recv(b, [&] { ++served; })); });
    }
    for (int i = 0; i < 2; ++i) {
      wg.go([=] { a << value<T>(1); });
      wg.go([=] { b << value<T>(1); });
    }
    wg.wait();
    EXPECT_EQ(served, 4);
    // A plain receiver behind the selects gets what they had no need of.
    for (int i = 0; i < 2; ++i) {
      wg.go([&, a, b] { select(on_recv(a, [&] { ++served; }), on_recv(b, [&] { ++served; })); });
    }
    let_others_block();
    wg.go([&, a] {
      a.recv();
      ++served;
    });
    wg.go([&, b] {
      b.recv();
      ++served;
    });
    for (int i = 0; i < 4; ++i) {
      wg.go([=] { select(on_send(a, value<T>(1)), on_send(b, value<T>(1))); });
    }
    wg.wait();
    EXPECT_EQ(served, 8);
  });
}

TEST(select, SE_021_a_million_blocking_selects_leave_nothing_behind) {
  const auto selects = [](int n) {
    const chan<int> c, dummy;
    go([=] {
      for (int i = 0; i < n; ++i) c << 1;
    });
    for (int i = 0; i < n; ++i) select(on_recv(c), on_recv(dummy));
    // The one that never was ready carries all the records that were not taken off.
    EXPECT_FALSE(dummy.try_send(1));
  };
  const auto in_use = [] {
    const struct mallinfo2 m = mallinfo2();
    return static_cast<long>(m.uordblks + m.hblkhd);
  };
  on_every_seed(50, [&] { selects(2'000); });
  selects(10'000);
  const long before = in_use();
  selects(1'000'000);
  EXPECT_LT(in_use() - before, 100'000);
}

TEST(select, SE_022_one_case_and_a_default_are_the_operation_that_is_tried) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1}) {
      const chan<T> c(capacity), d(capacity);
      // The same answers in the same states: empty, with an element or a waiting sender, closed.
      EXPECT_EQ(select(on_recv(c), on_default()) == 0, d.try_recv() != chan_status::empty);
      EXPECT_EQ(select(on_send(c, value<T>(1)), on_default()) == 0, d.try_send(value<T>(1)));
      EXPECT_EQ(select(on_send(c, value<T>(1)), on_default()) == 0, d.try_send(value<T>(1)));
      EXPECT_EQ(c.len(), d.len());
      EXPECT_EQ(select(on_recv(c), on_default()) == 0, d.try_recv() != chan_status::empty);
      c.close();
      d.close();
      EXPECT_EQ(select(on_recv(c), on_default()) == 0, d.try_recv() != chan_status::empty);
      EXPECT_EQ(panic_of([&] { select(on_send(c, value<T>(1)), on_default()); }),
                panic_of([&] { (void)d.try_send(value<T>(1)); }));
    }
    // One case alone is the plain operation: it waits.
    const chan<T> c;
    wait_group wg;
    wg.go([=] { EXPECT_EQ(select(on_send(c, value<T>(4))), 0); });
    let_others_block();
    EXPECT_EQ(select(on_recv(c, [](T v) { EXPECT_EQ(v, value<T>(4)); })), 0);
    wg.wait();
  });
}

TEST(select, SE_022_one_case_alone_waits_in_the_words_of_the_operation) {
  expect_deadlock(
      [] {
        go([] { select(on_recv(chan<int>())); });
        go([] { select(on_send(chan<int>(), 1)); });
        go([] { select(on_recv(chan<int>(nullptr))); });
        go([] { select(on_send(chan<int>(nullptr), 1)); });
        select();
      },
      {"chan receive]", "chan send]", "chan receive (nil chan)]", "chan send (nil chan)]"});
}

TEST(select, SE_023_leaving_a_case_early_leaves_the_select_only) {
  on_every_schedule([] {
    const chan<int> c(9);
    for (int i = 0; i < 9; ++i) c << i;
    int rounds = 0, after = 0;
    for (int i = 0; i < 3; ++i) {
      ++rounds;
      select(on_recv(c, [&](int v) {
        if (v >= 0) return;  // Go's break
        ++after;
      }));
    }
    EXPECT_EQ(rounds, 3) << "the loop around it goes on";
    EXPECT_EQ(after, 0);
    for (int i = 0; i < 5; ++i) {
      const int ran = select(on_recv(c));
      if (ran == 0 && i == 1) break;  // and what a handler cannot say, the index can
    }
    EXPECT_EQ(c.len(), 4u);
  });
}

TEST(select, SE_024_a_dynamic_select_takes_65536_cases) {
  const chan<int> c(1), never;
  std::vector<any_case> cases;
  for (int i = 0; i < 65535; ++i) cases.push_back(on_recv(never));
  cases.push_back(on_recv(c));
  on_every_schedule(
      [&] {
        c << 1;
        EXPECT_EQ(select_any(cases), 65535);
      },
      50, 5);
  cases.push_back(on_recv(never));
  on_every_schedule(
      [&] { EXPECT_EQ(panic_of([&] { select_any(cases); }), "reflect.Select: too many cases (max 65536)"); },
      50, 5);
}

TEST(select, SE_025_a_mixture_over_four_channels_in_both_orders_makes_progress) {
  on_every_schedule_and_element([]<class T>() {
    constexpr int n = 10;
    const std::array<chan<T>, 4> c{chan<T>(), chan<T>(), chan<T>(2), chan<T>(3)};
    wait_group wg;
    for (const auto& each : c) {
      wg.go([=] {
        for (int i = 0; i < n; ++i) each << value<T>(i);
      });
      wg.go([=] {
        for (int i = 0; i < n; ++i) each.recv();
      });
    }
    auto many = [=](std::array<int, 4> order, bool sends) {
      std::array<int, 4> left{n, n, n, n};
      auto open = c;
      for (int i = 0; i < 4 * n; ++i) {
        auto at = [&](int k) -> chan<T>& {
          return open[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
        };
        const int k = sends ? select(on_send(at(0), value<T>(i)), on_send(at(1), value<T>(i)),
                                     on_send(at(2), value<T>(i)), on_send(at(3), value<T>(i)))
                            : select(on_recv(at(0)), on_recv(at(1)), on_recv(at(2)), on_recv(at(3)));
        if (--left[static_cast<std::size_t>(k)] == 0) at(k) = nullptr;
      }
    };
    wg.go(many, std::array{3, 2, 0, 1}, true);
    wg.go(many, std::array{0, 1, 2, 3}, false);
    wg.wait();
    for (const auto& each : c) EXPECT_EQ(each.len(), 0u);
  });
}

TEST(select, SE_026_timers_and_contexts_are_channels_like_any_other) {
  on_every_schedule([] {
    const chan<int> never;
    const auto start = clock::now();
    EXPECT_EQ(select(on_recv(never), on_recv(after(2ms)), on_recv(after(1h))), 1);
    EXPECT_GE(clock::now() - start, 2ms);
    ticker ticking(1ms);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(select(on_recv(never), on_recv(ticking.c())), 1);
    ticking.stop();
    auto [ctx, cancel] = with_cancel(context::background());
    EXPECT_EQ(select(on_recv(ctx.done()), on_default()), 1);
    wait_group wg;
    wg.go([=, ctx = ctx] { EXPECT_EQ(select(on_recv(never), on_recv(ctx.done()), on_recv(after(1h))), 1); });
    let_others_block();
    cancel();
    wg.wait();
    auto [timed, stop] = with_timeout(context::background(), 1ms);
    EXPECT_EQ(select(on_recv(never), on_recv(timed.done())), 1);
    EXPECT_TRUE(timed.err() == context::deadline_exceeded);
    EXPECT_EQ(select(on_recv(context::background().done()), on_default()), 1) << "nil: never cancelled";
  });
}

// Each value is taken by exactly one side: the receiver that was told so, or what is left in the channel.
TEST(select, SE_027_a_communication_happens_once_even_if_the_channel_is_closed_meanwhile) {
  on_every_schedule_and_element(
      []<class T>() {
        for (int capacity : {0, 1}) {
          const chan<T> c(capacity), other;
          std::atomic<int> sent{0}, panicked{0}, received{0}, closed{0};
          wait_group wg;
          for (int i = 0; i < 3; ++i) {
            wg.go([&, c, other] {
              const std::string text = panic_of(
                  [&] { select(on_send(c, value<T>(1), [&] { ++sent; }), on_recv(other), on_timeout(1h)); });
              panicked += text == "send on closed channel";
            });
            wg.go([&, c, other] {
              select(on_next(c, [&](std::optional<T> v) { ++(v ? received : closed); }), on_recv(other));
            });
          }
          wg.go([=] { c.close(); });
          wg.wait();
          while (c.next()) ++received;
          EXPECT_EQ(sent, received);
          EXPECT_EQ(sent + panicked, 3);
          EXPECT_GE(received + closed, 3);
        }
      },
      100, 50);
}

}  // namespace
}  // namespace snag::test
