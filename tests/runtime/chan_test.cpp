// SPDX-License-Identifier: Apache-2.0
// The language's rules for channels, one test each; chan_element_test.cpp has what becomes of the elements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <ranges>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using testing::ElementsAre;

TEST(chan, len_and_cap_count_buffered_elements) {
  simulate(schedule::random(1), [] {
    chan<int> c(3);
    EXPECT_EQ(c.len(), 0u);
    EXPECT_EQ(c.cap(), 3u);
    c << 1;
    c << 2;
    EXPECT_EQ(c.len(), 2u);
    c.recv();
    EXPECT_EQ(c.len(), 1u);
    EXPECT_EQ(chan<int>().cap(), 0u);
    EXPECT_EQ(chan<int>(0).cap(), 0u);
    EXPECT_EQ(chan<int>(2ull).cap(), 2u);
    chan<int> nil = nullptr;
    EXPECT_EQ(nil.len(), 0u);
    EXPECT_EQ(nil.cap(), 0u);
  });
}

TEST(chan, unbuffered_len_is_zero_even_while_senders_wait) {
  on_every_seed(20, [] {
    chan<int> c;
    go([=] { c << 1; });
    let_others_block();
    EXPECT_EQ(c.len(), 0u);
    EXPECT_EQ(c.recv(), 1);
  });
}

TEST(chan, negative_or_huge_capacity_panics) {
  simulate(schedule::random(1), [] {
    EXPECT_EQ(panic_of([] { chan<int> c(-1); }), "makechan: size out of range");
    EXPECT_EQ(panic_of([] { chan<int> c(std::numeric_limits<long long>::max()); }),
              "makechan: size out of range");
    EXPECT_EQ(panic_of([] { chan<int> c(std::numeric_limits<unsigned long long>::max()); }),
              "makechan: size out of range");
  });
}

TEST(chan, misuse_panics_in_the_words_of_go) {
  simulate(schedule::random(1), [] {
    chan<int> c(1);
    c.close();
    EXPECT_EQ(panic_of([&] { c << 1; }), "send on closed channel");
    EXPECT_EQ(panic_of([&] { (void)c.try_send(1); }), "send on closed channel");
    EXPECT_EQ(panic_of([&] { c.close(); }), "close of closed channel");
    chan<int> nil = nullptr;
    EXPECT_EQ(panic_of([&] { nil.close(); }), "close of nil channel");
    chan<std::string> s(1);
    s.close();
    EXPECT_EQ(panic_of([&] { s << "x"; }), "send on closed channel");
    EXPECT_EQ(panic_of([&] { (void)s.try_send("x"); }), "send on closed channel");
  });
}

TEST(chan, operations_on_nil_block_for_ever_and_try_operations_do_not) {
  simulate(schedule::random(1), [] {
    chan<int> nil = nullptr;
    int v = 7;
    EXPECT_FALSE(nil.try_send(1));
    EXPECT_EQ(nil.try_recv(v), chan_status::empty);
    EXPECT_EQ(v, 7);
    EXPECT_FALSE(nil);
    EXPECT_TRUE(nil == nullptr);
  });
  EXPECT_EXIT(simulate(schedule::random(1), [] { chan<int>(nullptr).recv(); }), testing::ExitedWithCode(2),
              "all goroutines are asleep - deadlock!(.|\n)*chan receive \\(nil chan\\)");
  EXPECT_EXIT(simulate(schedule::random(1), [] { chan<int>(nullptr) << 1; }), testing::ExitedWithCode(2),
              "chan send \\(nil chan\\)");
}

TEST(chan, closed_and_drained_gives_the_zero_value_for_ever) {
  simulate(schedule::random(1), [] {
    chan<int> c(2);
    c << 1;
    c << 2;
    c.close();
    EXPECT_EQ(c.len(), 2u);
    EXPECT_EQ(c.recv(), 1);
    int v = 9;
    EXPECT_TRUE(c.recv(v));
    EXPECT_EQ(v, 2);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(c.recv(), 0);
      EXPECT_FALSE(c.next().has_value());
      v = 9;
      EXPECT_FALSE(c.recv(v));
      EXPECT_EQ(v, 0);
      EXPECT_EQ(c.try_recv(v), chan_status::closed);
      EXPECT_EQ(c.try_recv(), chan_status::closed);
    }
  });
}

TEST(chan, close_wakes_every_receiver_with_the_zero_value) {
  on_every_schedule([] {
    chan<int> c;
    wait_group wg;
    std::atomic<int> closed{0};
    for (int i = 0; i < 5; ++i) {
      wg.go([c, &closed] {
        if (!c.next()) ++closed;
      });
    }
    let_others_block();
    c.close();
    wg.wait();
    EXPECT_EQ(closed, 5);
  });
}

TEST(chan, close_makes_waiting_senders_panic) {
  on_every_schedule([] {
    chan<int> c;
    wait_group wg;
    std::atomic<int> panics{0};
    for (int i = 0; i < 5; ++i) {
      wg.go([c, &panics] {
        if (panic_of([&] { c << 1; }) == "send on closed channel") ++panics;
      });
    }
    let_others_block();
    c.close();
    wg.wait();
    EXPECT_EQ(panics, 5);
  });
}

TEST(chan, try_operations_never_wait) {
  simulate(schedule::random(1), [] {
    chan<int> c(1);
    int v = 5;
    EXPECT_EQ(c.try_recv(v), chan_status::empty);
    EXPECT_EQ(v, 5);
    EXPECT_TRUE(c.try_send(1));
    EXPECT_FALSE(c.try_send(2));
    EXPECT_EQ(c.try_recv(v), chan_status::ok);
    EXPECT_EQ(v, 1);
    chan<int> unbuffered;
    EXPECT_FALSE(unbuffered.try_send(1));
    go([=] { unbuffered << 3; });
    let_others_block();
    EXPECT_EQ(unbuffered.try_recv(v), chan_status::ok);
    EXPECT_EQ(v, 3);
    go([=] { EXPECT_EQ(unbuffered.recv(), 4); });
    let_others_block();
    EXPECT_TRUE(unbuffered.try_send(4));
  });
}

class chan_of_capacity : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, chan_of_capacity, testing::Values(0, 1, 2, 10, 200));

TEST_P(chan_of_capacity, keeps_the_order_of_one_sender) {
  on_every_schedule(
      [&] {
        chan<int> c(GetParam());
        go([=] {
          for (int i = 0; i < 100; ++i) c << i;
          c.close();
        });
        int expected = 0;
        for (int v : c) EXPECT_EQ(v, expected++);
        EXPECT_EQ(expected, 100);
      },
      10);
}

TEST_P(chan_of_capacity, delivers_every_value_exactly_once) {
  on_every_schedule(
      [&] {
        constexpr int producers = 4, consumers = 4, each = 50;
        chan<int> c(GetParam());
        chan<std::vector<int>> results(consumers);
        wait_group wg;
        for (int p = 0; p < producers; ++p) {
          wg.go([=] {
            for (int i = 0; i < each; ++i) c << p * each + i;
          });
        }
        for (int k = 0; k < consumers; ++k) {
          go([=] {
            std::vector<int> got;
            for (int v : c) got.push_back(v);
            results << std::move(got);
          });
        }
        wg.wait();
        c.close();
        std::vector<int> all;
        for (int k = 0; k < consumers; ++k) std::ranges::copy(results.recv(), std::back_inserter(all));
        std::ranges::sort(all);
        std::vector<int> expected(producers * each);
        std::iota(expected.begin(), expected.end(), 0);
        EXPECT_EQ(all, expected);
      },
      10);
}

TEST_P(chan_of_capacity, send_to_free_space_does_not_wait) {
  simulate(schedule::random(1), [&] {
    chan<int> c(GetParam());
    for (int i = 0; i < GetParam(); ++i) c << i;
    EXPECT_FALSE(c.try_send(0));
    for (int i = 0; i < GetParam(); ++i) EXPECT_EQ(c.recv(), i);
  });
}

TEST(chan, waiting_receivers_are_served_in_the_order_they_came) {
  on_every_seed(50, [] {
    chan<int> c;
    std::vector<int> served(6, -1);
    wait_group wg;
    for (int i = 0; i < 6; ++i) {
      wg.go([&, c, i] { served[i] = c.recv(); });
      let_others_block();
    }
    for (int i = 0; i < 6; ++i) c << i;
    wg.wait();
    EXPECT_THAT(served, ElementsAre(0, 1, 2, 3, 4, 5));
  });
}

TEST(chan, waiting_senders_are_served_in_the_order_they_came) {
  for (int capacity : {0, 2}) {
    on_every_seed(50, [=] {
      chan<int> c(capacity);
      for (int i = 0; i < 6; ++i) {
        go([=] { c << i; });
        let_others_block();
      }
      for (int i = 0; i < 6; ++i) EXPECT_EQ(c.recv(), i);
    });
  }
}

TEST(chan, the_value_is_taken_when_the_send_begins) {
  on_every_seed(20, [] {
    chan<int> c;
    int v = 1;
    go([&, c] { c << v; });
    let_others_block();
    v = 2;
    EXPECT_EQ(c.recv(), 1);
  });
}

TEST(chan, is_an_input_range_without_a_size) {
  using range = const chan<int>;
  static_assert(std::ranges::input_range<range>);
  static_assert(!std::ranges::sized_range<range>);
  static_assert(std::input_iterator<chan<std::string>::iterator>);
  on_every_seed(10, [] {
    chan<int> c(4);
    for (int i = 1; i <= 4; ++i) c << i;
    c.close();
    std::vector<int> got;
    for (int v : c | std::views::transform([](int v) { return v * v; })) got.push_back(v);
    EXPECT_THAT(got, ElementsAre(1, 4, 9, 16));
  });
}

TEST(chan, range_goes_on_with_the_channel_it_began_with) {
  simulate(schedule::random(1), [] {
    chan<int> c(2);
    c << 1;
    c << 2;
    c.close();
    int sum = 0;
    for (int v : c) {
      c = chan<int>(1);
      sum += v;
    }
    EXPECT_EQ(sum, 3);
  });
}

TEST(chan, copies_are_the_same_channel_and_moved_from_is_nil) {
  simulate(schedule::random(1), [] {
    chan<int> a(1);
    const chan<int> b = a;
    EXPECT_TRUE(a == b);
    EXPECT_FALSE(a == chan<int>(1));
    b << 5;  // constness is shallow
    EXPECT_EQ(a.recv(), 5);
    chan<int> c = std::move(a);
    EXPECT_TRUE(a == nullptr);
    EXPECT_TRUE(c == b);
    chan<int> nil = nullptr;
    EXPECT_TRUE(a == nil);
    const chan<int>& self = c;
    c = self;
    EXPECT_TRUE(c == b);
    c = nullptr;
    EXPECT_FALSE(c);
    recv_chan<int> r = b;
    EXPECT_TRUE(r == b);
  });
}

template <class C>
concept has_send = requires(C c) { c.send(1); };
template <class C>
concept has_shift = requires(C c) { c << 1; };
template <class C>
concept has_try_send = requires(C c) { c.try_send(1); };
template <class C>
concept has_recv = requires(C c) { c.recv(); };
template <class C>
concept has_next = requires(C c) { c.next(); };
template <class C>
concept has_range = requires(C c) { c.begin(); };
template <class C, class V>
concept takes = requires(C c, V v) { c << v; };
template <class C>
concept has_close = requires(C c) { c.close(); };

TEST(chan, converts_to_its_directions_and_never_back) {
  static_assert(std::is_convertible_v<chan<int>, send_chan<int>> &&
                std::is_convertible_v<chan<int>, recv_chan<int>>);
  static_assert(!std::is_constructible_v<chan<int>, send_chan<int>> &&
                !std::is_constructible_v<chan<int>, recv_chan<int>>);
  static_assert(!std::is_constructible_v<recv_chan<int>, send_chan<int>>);
  static_assert(!std::is_constructible_v<send_chan<int>, recv_chan<int>>);
  static_assert(!std::is_constructible_v<recv_chan<int>, chan<long>>);
  static_assert(has_send<send_chan<int>> && has_shift<send_chan<int>> && has_try_send<send_chan<int>> &&
                has_close<send_chan<int>>);
  static_assert(!has_recv<send_chan<int>> && !has_next<send_chan<int>> && !has_range<send_chan<int>>);
  static_assert(has_recv<recv_chan<int>> && has_next<recv_chan<int>> && has_range<recv_chan<int>>);
  static_assert(!has_send<recv_chan<int>> && !has_shift<recv_chan<int>> && !has_try_send<recv_chan<int>> &&
                !has_close<recv_chan<int>>);
  static_assert(!std::is_default_constructible_v<recv_chan<int>>);
  static_assert(!std::is_convertible_v<int, chan<int>>);
  static_assert(!takes<chan<int>, std::vector<int>> && takes<chan<long>, int>);
  on_every_seed(10, [] {
    chan<int> c;
    auto produce = [](send_chan<int> out) {
      out << 1;
      out.close();
    };
    go(produce, c);
    recv_chan<int> in = c;
    EXPECT_EQ(in.recv(), 1);
    EXPECT_FALSE(in.next());
  });
}

struct node {
  int depth = 0;
  chan<node> reply = nullptr;  // of its own kind
};

TEST(chan, a_message_may_carry_a_channel_of_its_own_kind) {
  on_every_seed(10, [] {
    chan<node> requests;
    go([=] {
      for (node& n : requests) n.reply << node{n.depth + 1};
    });
    chan<node> reply;
    requests << node{1, reply};
    EXPECT_EQ(reply.recv().depth, 2);
    requests.close();
  });
}

TEST(chan, of_nothing_counts_signals) {
  on_every_schedule([] {
    chan<void> c(2);
    c.send();
    EXPECT_TRUE(c.try_send());
    EXPECT_FALSE(c.try_send());
    EXPECT_EQ(c.len(), 2u);
    c.recv();
    EXPECT_TRUE(c.next());
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    chan<void> done;
    go([=] { done.close(); });
    done.recv();
    EXPECT_FALSE(done.next());
    EXPECT_EQ(done.try_recv(), chan_status::closed);
    struct empty {};
    chan<empty> e(1);
    e << empty{};
    EXPECT_EQ(e.len(), 1u);
    EXPECT_TRUE(e.next());
    int signals = 0;
    chan<void> three(3);
    for (int i = 0; i < 3; ++i) three.send();
    three.close();
    for ([[maybe_unused]] auto& s : three) ++signals;
    EXPECT_EQ(signals, 3);
  });
}

TEST(chan, survives_its_last_handle_while_somebody_waits) {
  on_every_schedule([] {
    auto* c = new chan<int>(1);
    chan<int> keep;
    go([c, keep] {
      (*c) << 1;
      keep << c->recv();  // the handle is still there
      delete c;
      keep.close();
    });
    EXPECT_EQ(keep.recv(), 1);
    EXPECT_FALSE(keep.next());
  });
}

// A channel with an element in it that is being closed is never not ready (Go issue 8480's pattern).
TEST(chan, non_blocking_receive_agrees_with_a_close_in_progress) {
  on_every_schedule(
      [] {
        chan<int> c(1), failed(1);
        for (int i = 0; i < 20; ++i) {
          chan<int> one(1);
          one << 1;
          wait_group wg;
          wg.go([=] {
            int v;
            if (one.try_recv(v) == chan_status::empty) (void)failed.try_send(1);
          });
          one.close();
          (void)one.next();
          wg.wait();
        }
        // The value may be taken by the other side; what may not be is "empty" after both happened.
        int v;
        EXPECT_NE(failed.try_recv(v), chan_status::closed);
        EXPECT_EQ(failed.len(), 0u);
      },
      50, 50);
}

TEST(chan, many_goroutines_on_one_channel_make_progress) {
  on_real_threads(5, [] {
    chan<int> c;
    wait_group wg;
    std::atomic<long> sum{0};
    for (int i = 0; i < 200; ++i) {
      wg.go([=] {
        for (int k = 0; k < 50; ++k) c << 1;
      });
      wg.go([=, &sum] {
        for (int k = 0; k < 50; ++k) sum += c.recv();
      });
    }
    wg.wait();
    EXPECT_EQ(sum, 200 * 50);
  });
}

TEST(chan, a_prime_sieve_works) {
  on_every_schedule(
      [] {
        chan<int> numbers;
        go([=] {
          for (int i = 2;; ++i) {
            if (panic_of([&] { numbers << i; }) != "") return;
          }
        });
        chan<int> source = numbers;
        std::vector<chan<int>> stages{numbers};
        std::vector<int> primes;
        for (int n = 0; n < 10; ++n) {
          const int prime = source.recv();
          primes.push_back(prime);
          chan<int> filtered;
          go([=] {
            for (int v : source) {
              if (v % prime != 0 && panic_of([&] { filtered << v; }) != "") return;
            }
          });
          source = filtered;
          stages.push_back(filtered);
        }
        EXPECT_THAT(primes, ElementsAre(2, 3, 5, 7, 11, 13, 17, 19, 23, 29));
        for (auto& s : stages) s.close();
      },
      10, 5);
}

}  // namespace
}  // namespace snag::test
