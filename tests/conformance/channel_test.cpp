// SPDX-License-Identifier: Apache-2.0
// Go specification, "Channel types", "Send statements", "Receive operator", "Close"; rules CH-001 to CH-038.
#include "snag/chan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "runtime/src/channel.h"
#include "tests/conformance/support.h"

namespace snag::test {
namespace {

using testing::ElementsAre;

detail::channel& core_of(const chan<int>& c) { return *detail::handle_access::core(c); }

void check_invariants(const chan<int>& c) {
  detail::channel& core = core_of(c);
  core.lock();
  core.check_invariants();
  core.unlock();
}

TEST(channel, CH_001_make_checks_the_capacity) {
  on_every_schedule([] {
    EXPECT_EQ(chan<int>().cap(), 0u);
    EXPECT_EQ(chan<int>(0).cap(), 0u);
    EXPECT_EQ(chan<int>(7).cap(), 7u);
    EXPECT_EQ(chan<std::string>(std::size_t{3}).cap(), 3u);
    const std::string refused = "makechan: size out of range";
    EXPECT_EQ(panic_of([] { chan<int> c(-1); }), refused);
    EXPECT_EQ(panic_of([] { chan<int> c(std::numeric_limits<long long>::min()); }), refused);
    EXPECT_EQ(panic_of([] { chan<int> c(std::numeric_limits<long long>::max()); }), refused);
    EXPECT_EQ(panic_of([] { chan<int> c(std::numeric_limits<unsigned long long>::max()); }), refused);
    EXPECT_EQ(panic_of([] { chan<std::array<char, 1 << 15>> c(1LL << 49); }), refused);
    EXPECT_EQ(panic_of([] { chan<void> c(-1); }), refused);
  });
}

TEST(channel, CH_002_sending_to_a_nil_channel_blocks_for_ever) {
  expect_blocks_for_ever([] { chan<int>(nullptr) << 1; }, "chan send (nil chan)");
}
TEST(channel, CH_002_receiving_from_a_nil_channel_blocks_for_ever) {
  expect_blocks_for_ever([] { chan<int>(nullptr).recv(); }, "chan receive (nil chan)");
}

TEST(channel, CH_003_len_and_cap_of_a_nil_channel_are_zero) {
  on_every_schedule([] {
    const chan<int> nil = nullptr;
    EXPECT_EQ(nil.len(), 0u);
    EXPECT_EQ(nil.cap(), 0u);
  });
}

TEST(channel, CH_004_close_of_a_nil_channel_panics) {
  on_every_schedule([] {
    const chan<int> nil = nullptr;
    EXPECT_EQ(panic_of([&] { nil.close(); }), "close of nil channel");
  });
}

TEST(channel, CH_005_close_of_a_closed_channel_panics) {
  on_every_schedule([] {
    for (int capacity : {0, 1}) {
      const chan<int> c(capacity);
      c.close();
      EXPECT_EQ(panic_of([&] { c.close(); }), "close of closed channel");
      EXPECT_EQ(panic_of([&] { send_chan<int>(c).close(); }), "close of closed channel");
    }
  });
}
TEST(channel, CH_005_of_many_closers_all_but_one_panic) {
  on_every_schedule([] {
    const chan<int> c;
    std::atomic<int> closed{0}, panicked{0};
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] { ++(panic_of([&] { c.close(); }).empty() ? closed : panicked); });
    }
    wg.wait();
    EXPECT_EQ(closed, 1);
    EXPECT_EQ(panicked, 4);
  });
}

TEST(channel, CH_006_send_on_a_closed_channel_panics) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1, 2}) {
      const chan<T> c(capacity);
      if (capacity == 2) c << value<T>(1);  // also with room left
      c.close();
      EXPECT_EQ(panic_of([&] { c << value<T>(2); }), "send on closed channel");
      EXPECT_EQ(panic_of([&] { (void)c.try_send(value<T>(2)); }), "send on closed channel");
      EXPECT_EQ(c.len(), capacity == 2 ? 1u : 0u);
    }
  });
}

TEST(channel, CH_007_a_blocked_sender_panics_when_the_channel_is_closed) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      const chan<T> c(capacity);
      for (int i = 0; i < capacity; ++i) c << value<T>(i);
      std::atomic<int> panics{0};
      wait_group wg;
      for (int i = 0; i < 4; ++i) {
        wg.go([&, c] { panics += panic_of([&] { c << value<T>(9); }) == "send on closed channel"; });
      }
      let_others_block();
      c.close();
      wg.wait();
      EXPECT_EQ(panics, 4);
      EXPECT_EQ(c.len(), static_cast<std::size_t>(capacity)) << "nothing of theirs was sent";
    }
  });
}

TEST(channel, CH_008_closed_and_drained_gives_the_zero_value_for_ever) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 3}) {
      const chan<T> c(capacity);
      c.close();
      for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(c.recv(), T{});
        T v = value<T>(7);
        EXPECT_FALSE(c.recv(v));
        EXPECT_EQ(v, T{});
        v = value<T>(7);
        EXPECT_EQ(c.try_recv(v), chan_status::closed);
        EXPECT_EQ(v, T{});
        EXPECT_FALSE(c.next().has_value());
      }
    }
  });
}

TEST(channel, CH_009_a_closed_channel_gives_what_is_buffered_first) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c(4);
    for (int i = 1; i <= 3; ++i) c << value<T>(i);
    c.close();
    for (int i = 1; i <= 3; ++i) {
      T v = value<T>(9);
      EXPECT_TRUE(c.recv(v));
      EXPECT_EQ(v, value<T>(i));
    }
    EXPECT_FALSE(c.next());
  });
}

TEST(channel, CH_010_close_wakes_every_blocked_receiver) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      const chan<T> c(capacity);
      std::atomic<int> woken{0};
      wait_group wg;
      for (int i = 0; i < 6; ++i) {
        wg.go([&, c] {
          T v = value<T>(7);
          woken += !c.recv(v) && v == T{};
        });
      }
      let_others_block();
      EXPECT_EQ(woken, 0);
      c.close();
      wg.wait();
      EXPECT_EQ(woken, 6);
    }
  });
}

TEST(channel, CH_011_receiving_from_an_empty_channel_blocks_and_trying_does_not) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      const chan<T> c(capacity);
      T v = value<T>(7);
      EXPECT_EQ(c.try_recv(v), chan_status::empty);
      EXPECT_EQ(v, value<T>(7));
      EXPECT_EQ(c.try_recv(), chan_status::empty);
      EXPECT_EQ(select(on_recv(c), on_default()), 1);
      std::atomic<bool> sent{false};
      wait_group wg;
      wg.go([&, c] {
        EXPECT_EQ(c.recv(), value<T>(1));
        EXPECT_TRUE(sent);
      });
      let_others_block();
      sent = true;
      c << value<T>(1);
      wg.wait();
    }
  });
}

TEST(channel, CH_012_sending_to_a_full_channel_blocks_and_trying_does_not) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      const chan<T> c(capacity);
      for (int i = 0; i < capacity; ++i) EXPECT_TRUE(c.try_send(value<T>(i)));
      T v = value<T>(7);
      EXPECT_FALSE(c.try_send(v));
      EXPECT_FALSE(c.try_send(std::move(v)));
      EXPECT_EQ(v, value<T>(7)) << "moved from, though it was not sent";
      EXPECT_EQ(select(on_send(c, value<T>(7)), on_default()), 1);
      std::atomic<bool> received{false};
      wait_group wg;
      wg.go([&, c] {
        c << value<T>(9);
        EXPECT_TRUE(received);
      });
      let_others_block();
      received = true;
      for (int i = 0; i < capacity; ++i) EXPECT_EQ(c.recv(), value<T>(i));
      EXPECT_EQ(c.recv(), value<T>(9));
      wg.wait();
    }
  });
}

TEST(channel, CH_013_sending_into_free_space_never_blocks) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c(5);
    for (int round = 0; round < 3; ++round) {  // nobody else is there who could receive
      for (int i = 0; i < 5; ++i) c << value<T>(i);
      for (int i = 0; i < 5; ++i) EXPECT_EQ(c.recv(), value<T>(i));
    }
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(c.try_send(value<T>(i)));
  });
}

TEST(channel, CH_014_len_counts_the_buffer_and_cap_is_its_size) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c(3), unbuffered;
    for (std::size_t i = 1; i <= 3; ++i) {
      c << value<T>(1);
      EXPECT_EQ(c.len(), i);
      EXPECT_EQ(c.cap(), 3u);
    }
    wait_group wg;
    for (const auto& to : {c, unbuffered}) wg.go([=] { to << value<T>(2); });
    let_others_block();
    EXPECT_EQ(c.len(), 3u) << "a blocked sender's element is not in the buffer";
    EXPECT_EQ(unbuffered.len(), 0u);
    EXPECT_EQ(unbuffered.cap(), 0u);
    c.recv();
    EXPECT_EQ(c.len(), 3u) << "the sender's element has moved up";
    unbuffered.recv();
    wg.wait();
  });
}

TEST(channel, CH_015_one_senders_values_arrive_in_order_for_every_capacity) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1, 2, 10}) {
      const chan<T> c(capacity);
      go([=] {
        for (int i = 0; i < 40; ++i) c << value<T>(i);
        c.close();
      });
      int expected = 0;
      for (const T& v : c) EXPECT_EQ(v, value<T>(expected++));
      EXPECT_EQ(expected, 40);
    }
  });
}

// Each waits until its neighbour has; then they are served one by one.
TEST(channel, CH_016_blocked_receivers_are_served_first_come_first_served) {
  on_every_schedule_and_element(
      []<class T>() {
        for (int capacity : {0, 3}) {
          const chan<T> c(capacity);
          std::array<std::atomic<int>, 5> got{};
          wait_group wg;
          for (int i = 0; i < 5; ++i) {
            wg.go([&, c, i] { got[i] = c.recv() == value<T>(i + 1) ? i + 1 : -1; });
            let_others_block();
          }
          for (int i = 0; i < 5; ++i) c << value<T>(i + 1);
          wg.wait();
          for (int i = 0; i < 5; ++i) EXPECT_EQ(got[i], i + 1);
        }
      },
      50, 0);  // on real threads nobody can tell who came first
}
TEST(channel, CH_016_blocked_senders_are_served_first_come_first_served) {
  on_every_schedule_and_element(
      []<class T>() {
        for (int capacity : {0, 3}) {
          const chan<T> c(capacity);
          for (int i = 0; i < 8; ++i) {
            go([=] { c << value<T>(i); });
            let_others_block();
          }
          for (int i = 0; i < 8; ++i) EXPECT_EQ(c.recv(), value<T>(i));
        }
      },
      50, 0);
}
// A chain as in Go's SynchFifo, whose order does not depend on when anybody waits.
TEST(channel, CH_016_a_chain_of_goroutines_serves_in_its_order) {
  on_every_schedule([] {
    const chan<int> c(1);
    chan<void> first;
    chan<void> in = first;
    for (int i = 0; i < 10; ++i) {
      chan<void> out;
      go([=] {
        in.recv();
        EXPECT_EQ(c.recv(), i);
        out.send();
      });
      in = out;
    }
    first.send();
    for (int i = 0; i < 10; ++i) c << i;
    in.recv();
  });
}

TEST(channel, CH_017_every_value_is_delivered_exactly_once) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1, 5}) {
      constexpr int producers = 3, consumers = 4, each = 15;
      const chan<T> c(capacity);
      std::array<std::multiset<T>, consumers> got;
      wait_group sending, receiving;
      for (int p = 0; p < producers; ++p) {
        sending.go([=] {
          for (int i = 0; i < each; ++i) c << value<T>(p * each + i);
        });
      }
      for (auto& mine : got) {
        receiving.go([&mine, c] {
          for (T& v : c) mine.insert(v);
        });
      }
      sending.wait();
      c.close();
      receiving.wait();
      std::multiset<T> all, expected;
      for (auto& mine : got) all.merge(mine);
      for (int i = 0; i < producers * each; ++i) expected.insert(value<T>(i));
      EXPECT_EQ(all, expected);
    }
  });
}

TEST(channel, CH_018_a_send_to_a_waiting_receiver_bypasses_the_buffer) {
  on_every_seed(50, [] {
    const chan<int> c(2);
    int got = 0;
    wait_group wg;
    wg.go([&, c] { got = c.recv(); });
    let_others_block();
    c << 1;  // its receiver is served, but may not have run: the buffer is as empty as before
    EXPECT_EQ(c.len(), 0u);
    c << 2;
    c << 3;
    EXPECT_EQ(c.len(), 2u);
    EXPECT_FALSE(c.try_send(4));
    wg.wait();
    EXPECT_EQ(got, 1);
  });
  on_real_threads(20, [] {
    const chan<int> c(2);
    wait_group wg;
    for (int i = 0; i < 4; ++i) wg.go([=] { EXPECT_NE(c.recv(), 0); });
    for (int i = 1; i <= 4; ++i) c << i;
    wg.wait();
    EXPECT_EQ(c.len(), 0u);
  });
}

TEST(channel, CH_019_a_receive_from_a_full_buffer_lets_the_first_waiting_sender_in_at_the_tail) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c(2);
    c << value<T>(1);
    c << value<T>(2);
    wait_group wg;
    wg.go([=] { c << value<T>(3); });
    let_others_block();
    EXPECT_EQ(c.recv(), value<T>(1));
    if (c.len() == 2u) {  // else, on real threads, the sender had not come yet
      EXPECT_FALSE(c.try_send(value<T>(9)));
    }
    EXPECT_EQ(c.recv(), value<T>(2));
    EXPECT_EQ(c.recv(), value<T>(3));
    wg.wait();
    EXPECT_EQ(c.len(), 0u);
  });
  on_every_seed(50, [] {  // where it is certain that the sender waits
    const chan<int> c(1);
    c << 1;
    std::atomic<bool> sent{false};
    go([&, c] {
      c << 2;
      sent = true;
    });
    let_others_block();
    EXPECT_FALSE(sent);
    EXPECT_EQ(c.recv(), 1);
    EXPECT_EQ(c.len(), 1u) << "in the same step";
    let_others_block();
    EXPECT_TRUE(sent) << "and the sender goes on";
    EXPECT_EQ(c.recv(), 2);
  });
}

TEST(channel, CH_020_nobody_waits_for_what_is_there) {
  on_every_schedule([] {
    for (int capacity : {0, 1, 3}) {
      const chan<int> c(capacity), other;
      wait_group wg, checking;
      std::atomic<bool> over{false};
      for (int i = 0; i < 3; ++i) {
        wg.go([=] {
          for (int k = 0; k < 8; ++k) c << k;
        });
        wg.go([=] {
          for (int k = 0; k < 8; ++k) {
            if (i == 0) {
              c.recv();
            } else {
              select(on_recv(c), on_recv(other));
            }
          }
        });
      }
      checking.go([&, c] {
        while (!over) {
          check_invariants(c);
          yield();
        }
      });
      wg.wait();
      over = true;
      checking.wait();
      check_invariants(c);
      EXPECT_EQ(c.len(), 0u);
    }
  });
}

// A woken goroutine goes straight for the channel's lock; a waker that held it would be in its way for ever
// on one thread.
TEST(channel, CH_021_whoever_is_woken_finds_the_channel_unlocked) {
  on_every_schedule([] {
    for (int capacity : {0, 1}) {
      const chan<int> c(capacity);
      wait_group wg;
      std::atomic<int> done{0};
      for (int i = 0; i < 4; ++i) {
        wg.go([&, c] {
          (void)c.next();
          check_invariants(c);
          EXPECT_FALSE(c.next());
          ++done;
        });
      }
      let_others_block();
      c << 1;
      check_invariants(c);
      c.close();
      wg.wait();
      EXPECT_EQ(done, 4);
    }
  });
}

struct counted {  // how many of them there are
  static inline std::atomic<int> alive{0};
  counted() { ++alive; }
  counted(const counted&) { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&&) = default;
  ~counted() { --alive; }
};

TEST(channel, CH_022_a_receiver_may_discard_the_value) {
  on_every_schedule([] {
    const chan<std::string> c(1), unbuffered;
    c << "x";
    EXPECT_EQ(c.try_recv(), chan_status::ok);
    c << "x";
    EXPECT_EQ(select(on_recv(c)), 0);
    EXPECT_EQ(c.len(), 0u);
    wait_group wg;
    wg.go([=] { select(on_recv(unbuffered)); });
    unbuffered << "y";
    wg.wait();
    const chan<counted> d(2);
    d << counted();
    d << counted();
    EXPECT_EQ(d.try_recv(), chan_status::ok);
    select(on_recv(d));
    EXPECT_EQ(counted::alive, 0) << "what is dropped is destroyed";
  });
}

TEST(channel, CH_023_a_channel_holds_nothing_of_what_was_received) {
  on_every_schedule([] {
    const auto shared = std::make_shared<int>(1);
    {
      const chan<std::shared_ptr<int>> c(3);
      for (int round = 0; round < 5; ++round) {
        c << shared;
        EXPECT_EQ(shared.use_count(), 2);
        EXPECT_EQ(c.recv(), shared);
        EXPECT_EQ(shared.use_count(), 1);
      }
      c << shared;
      c << shared;
      c.close();
      c.recv();
      EXPECT_EQ(shared.use_count(), 2);
    }
    EXPECT_EQ(shared.use_count(), 1) << "nor of what nobody received, once it is gone";
  });
}

template <class E>
void elements_without_size_still_count() {
  on_every_schedule([] {
    const chan<E> c(3), unbuffered;
    auto send = [](const chan<E>& to) {
      if constexpr (std::is_void_v<E>) {
        to.send();
      } else {
        to.send(E{});
      }
    };
    for (std::size_t i = 1; i <= 3; ++i) {
      send(c);
      EXPECT_EQ(c.len(), i);
    }
    wait_group wg;
    wg.go([=] { send(c); });
    wg.go([=] { send(unbuffered); });
    let_others_block();
    unbuffered.recv();
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(static_cast<bool>(c.next()));
    wg.wait();
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    c.close();
    EXPECT_FALSE(static_cast<bool>(c.next()));
  });
}
TEST(channel, CH_024_elements_without_a_size_are_legal_and_count) {
  struct empty {};
  elements_without_size_still_count<void>();
  elements_without_size_still_count<empty>();
  elements_without_size_still_count<std::monostate>();
}

TEST(channel, CH_025_the_value_is_taken_at_the_time_of_the_send) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1}) {
      const chan<T> c(capacity);
      chan<void> changed;
      go([=] {
        if (capacity == 1) c << value<T>(9);
        T v = value<T>(1);
        go([=] {  // while the sender below waits, or is done
          let_others_block();
          changed.close();
        });
        c << v;
        v = value<T>(2);
      });
      changed.recv();
      if (capacity == 1) EXPECT_EQ(c.recv(), value<T>(9));
      EXPECT_EQ(c.recv(), value<T>(1));
    }
  });
  on_every_seed(50, [] {  // changed by somebody else while the sender waits
    const chan<std::string> c;
    std::string v = "before";
    go([&, c] { c << v; });
    let_others_block();
    v = "after";
    EXPECT_EQ(c.recv(), "before");
  });
}

TEST(channel, CH_026_channel_and_value_are_evaluated_before_communication_begins) {
  on_every_schedule([] {
    const chan<int> c(1);
    auto value_that_panics = []() -> int { panic("no value"); };
    auto channel_that_panics = []() -> chan<int> { panic("no channel"); };
    EXPECT_EQ(panic_of([&] { c << value_that_panics(); }), "no value");
    EXPECT_EQ(c.len(), 0u);
    EXPECT_EQ(panic_of([&] { channel_that_panics() << 1; }), "no channel");
    // In that order: `<<` sequences its left operand first, in C++ too. Both before anybody blocks or panics.
    std::string order;
    c.close();
    auto channel = [&] {
      order += "c";
      return c;
    };
    auto number = [&] {
      order += "v";
      return 1;
    };
    EXPECT_EQ(panic_of([&] { channel() << number(); }), "send on closed channel");
    EXPECT_EQ(order, "cv");
    // The value itself may come from the channel that it is sent to.
    const chan<int> same(1);
    same << 5;
    same << same.recv() + 1;
    EXPECT_EQ(same.recv(), 6);
  });
}

TEST(channel, CH_027_range_receives_until_the_channel_is_closed_and_drained) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 2}) {
      chan<T> c(capacity);
      go([=] {
        for (int i = 0; i < 9; ++i) c << value<T>(i);
        c.close();
      });
      int n = 0;
      for (T& v : c) {
        EXPECT_EQ(v, value<T>(n++));
        c = chan<T>();  // the loop goes on with the channel it began with
      }
      EXPECT_EQ(n, 9);
    }
  });
}
TEST(channel, CH_027_range_over_a_nil_channel_blocks_for_ever) {
  expect_blocks_for_ever(
      [] {
        for (int v : chan<int>(nullptr)) _exit(v | 1);
      },
      "chan receive (nil chan)");
}

TEST(channel, CH_028_a_channel_value_is_a_reference) {
  on_every_schedule([] {
    const chan<int> a(1), b(1), nil = nullptr, nothing = nullptr;
    chan<int> copy = a;
    EXPECT_TRUE(copy == a);
    EXPECT_FALSE(a == b);
    EXPECT_TRUE(a != b);
    EXPECT_FALSE(a == nil);
    EXPECT_TRUE(nil == nothing);
    EXPECT_TRUE(nil == nullptr);
    EXPECT_TRUE(recv_chan<int>(a) == recv_chan<int>(copy));
    EXPECT_TRUE(send_chan<int>(a) == a);
    copy << 3;
    EXPECT_EQ(a.len(), 1u);
    EXPECT_EQ(a.recv(), 3);
    copy.close();
    EXPECT_FALSE(a.next());
    copy = b;
    EXPECT_TRUE(copy == b);
    EXPECT_FALSE(copy == a);
  });
}

template <class C>
concept sends = requires(const C& c) { c.send(1); } && requires(const C& c) { c << 1; } &&
                requires(const C& c) { c.try_send(1); };
template <class C>
concept sends_somehow = requires(const C& c) { c.send(1); } || requires(const C& c) { c << 1; } ||
                        requires(const C& c) { c.try_send(1); } || requires(const C& c) { on_send(c, 1); };
template <class C>
concept closes = requires(const C& c) { c.close(); };
template <class C>
concept receives = requires(const C& c) { c.recv(); } && requires(const C& c) { c.next(); } &&
                   requires(const C& c) { c.try_recv(); } && requires(const C& c) { c.begin(); };
template <class C>
concept receives_somehow =
    requires(const C& c) { c.recv(); } || requires(const C& c, int& v) { c.recv(v); } ||
    requires(const C& c) { c.next(); } || requires(const C& c) { c.try_recv(); } ||
    requires(const C& c) { c.begin(); } || requires(const C& c) { on_recv(c); } ||
    requires(const C& c) { on_next(c, [](auto) {}); };

// What a compiler has to refuse is said once more in misuse/, with the message.
TEST(channel, CH_029_a_channel_converts_to_its_directions_and_nothing_converts_back) {
  using both = chan<int>;
  using out = send_chan<int>;
  using in = recv_chan<int>;
  static_assert(std::is_convertible_v<both, out> && std::is_convertible_v<both, in>);
  static_assert(std::is_assignable_v<out&, both> && std::is_assignable_v<in&, both>);
  static_assert(!std::is_constructible_v<both, out> && !std::is_constructible_v<both, in>);
  static_assert(!std::is_constructible_v<out, in> && !std::is_constructible_v<in, out>);
  static_assert(!std::is_assignable_v<both&, out> && !std::is_assignable_v<both&, in>);
  static_assert(!std::is_assignable_v<out&, in> && !std::is_assignable_v<in&, out>);
  static_assert(!std::is_constructible_v<in, chan<long>> && !std::is_constructible_v<both, chan<long>>);
  on_every_schedule([] {
    const both c;
    wait_group wg;
    auto produce = [](out to) { to << 4; };
    auto consume = [](in from) { EXPECT_EQ(from.recv(), 4); };
    wg.go(produce, c);
    wg.go(consume, c);
    wg.wait();
  });
}

TEST(channel, CH_030_the_wrong_direction_does_not_compile) {
  static_assert(sends<chan<int>> && receives<chan<int>> && closes<chan<int>>);
  static_assert(sends<send_chan<int>> && closes<send_chan<int>> && !receives_somehow<send_chan<int>>);
  static_assert(receives<recv_chan<int>> && !sends_somehow<recv_chan<int>> && !closes<recv_chan<int>>);
  static_assert(std::ranges::input_range<recv_chan<int>> && !std::ranges::range<send_chan<int>>);
  on_every_schedule([] {  // what may be done does what it says
    const chan<int> c(1);
    send_chan<int>(c) << 1;
    send_chan<int>(c).close();
    for (int v : recv_chan<int>(c)) EXPECT_EQ(v, 1);
  });
}

TEST(channel, CH_031_the_largest_element_goes_through) {  // a larger one does not compile: misuse/
  struct large {
    unsigned char bytes[65535];
  };
  on_every_schedule([] {
    for (int capacity : {0, 1}) {
      const chan<large> c(capacity);
      go([=] {
        auto v = std::make_unique<large>();
        for (std::size_t i = 0; i < sizeof v->bytes; ++i) v->bytes[i] = static_cast<unsigned char>(i * 7);
        c << *v;
      });
      const auto got = std::make_unique<large>();
      EXPECT_TRUE(c.recv(*got));
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < sizeof got->bytes; ++i) {
        wrong += got->bytes[i] != static_cast<unsigned char>(i * 7);
      }
      EXPECT_EQ(wrong, 0u);
    }
  });
}

// The goroutine looks while the channel is closed and its value is there or taken by the other: at no instant
// is it "open and empty".
TEST(channel, CH_032_a_channel_that_is_being_closed_is_never_not_ready) {
  on_every_schedule_and_element(
      []<class T>() {
        for (int i = 0; i < 10; ++i) {
          const chan<T> c(1);
          c << value<T>(1);
          wait_group wg;  // one that looks: of two, the second may find the channel open and drained
          if (i % 2 == 0) {
            wg.go([=] { EXPECT_NE(c.try_recv(), chan_status::empty); });
          } else {
            wg.go([=] { EXPECT_EQ(select(on_recv(c), on_default()), 0); });
          }
          c.close();
          (void)c.next();
          wg.wait();
        }
      },
      100, 100);
}

TEST(channel, CH_033_values_with_copies_of_their_own_may_be_sent_by_a_select_of_several) {
  using any = std::variant<int, std::string, std::vector<int>>;
  on_every_schedule([] {
    const chan<any> c(1), unbuffered;
    const any text = std::string("a text that is long enough to be allocated");
    const any numbers = std::vector<int>{1, 2, 3};
    for (int i = 0; i < 8; ++i) {
      const int sent = select(on_send(c, text), on_send(c, numbers), on_send(c, any(4)));
      EXPECT_EQ(c.recv(), sent == 0 ? text : sent == 1 ? numbers : any(4));
    }
    wait_group wg;
    std::atomic<int> sent{-1};
    wg.go([&, unbuffered] { sent = select(on_send(unbuffered, text), on_send(unbuffered, numbers)); });
    const any got = unbuffered.recv();
    wg.wait();
    EXPECT_EQ(got, sent == 0 ? text : numbers);
    EXPECT_EQ(std::get<1>(text), "a text that is long enough to be allocated") << "copied, not moved";
  });
}

int use_stack(int depth) {
  volatile char page[2000];
  page[0] = static_cast<char>(depth);
  page[1999] = 1;
  return depth == 0 ? page[0] : use_stack(depth - 1) + page[1999];
}
TEST(channel, CH_034_what_is_on_a_blocked_goroutines_stack_stays_there) {
  on_every_schedule([] {
    const chan<int> c, go_on;
    wait_group wg;
    for (int g = 0; g < 4; ++g) {
      wg.go([=] {
        std::array<int, 500> mine;
        for (int round = 0; round < 3; ++round) {
          mine.fill(g * 1000 + round);
          EXPECT_EQ(use_stack(20), 20);  // deep, then shallow: what is below may be given back
          c << g;
          go_on.recv();
          EXPECT_EQ(std::ranges::count(mine, g * 1000 + round), 500);
        }
      });
    }
    for (int i = 0; i < 12; ++i) {
      const int g = c.recv();
      EXPECT_TRUE(0 <= g && g < 4);
      let_others_block();
      go_on << 0;
    }
    wg.wait();
  });
}

TEST(channel, CH_035_close_wakes_each_waiting_select_once) {
  on_every_schedule_and_element([]<class T>() {
    const chan<T> c, other;
    std::atomic<int> woken{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, c, other] {
        const int ran = select(on_next(c, [&](std::optional<T> v) { woken += !v; }), on_recv(other),
                               on_next(c, [&](std::optional<T> v) { woken += !v; }));
        EXPECT_NE(ran, 1);
      });
    }
    let_others_block();
    c.close();
    wg.wait();
    EXPECT_EQ(woken, 4);
    EXPECT_FALSE(other.try_send(value<T>(1))) << "a waiter was left behind";
  });
}

// The value sent is the zero value and the channel is closed right behind it, so that neither the value nor
// the state of the channel tells how the receiver was woken.
TEST(channel, CH_036_being_served_and_being_woken_by_close_are_told_apart) {
  on_every_schedule_and_element([]<class T>() {
    for (int capacity : {0, 1}) {
      const chan<T> c(capacity);
      std::atomic<int> served{0}, closed{0};
      wait_group wg;
      for (int i = 0; i < 3; ++i) {
        wg.go([&, c] {
          T v = value<T>(7);
          ++(c.recv(v) ? served : closed);
          EXPECT_EQ(v, T{});
        });
      }
      let_others_block();
      c << T{};
      c.close();
      wg.wait();
      EXPECT_EQ(served, 1);
      EXPECT_EQ(closed, 2);
    }
    const chan<T> c;  // a sender
    std::atomic<int> sent{0}, panicked{0};
    wait_group wg;
    for (int i = 0; i < 3; ++i) {
      wg.go([&, c] { ++(panic_of([&] { c << value<T>(1); }).empty() ? sent : panicked); });
    }
    EXPECT_EQ(c.recv(), value<T>(1));
    c.close();
    wg.wait();
    EXPECT_EQ(sent, 1);
    EXPECT_EQ(panicked, 2);
  });
}

TEST(channel, CH_037_nobody_sees_half_an_element) {
  struct wide {
    std::array<int, 256> words;
  };
  on_every_schedule([] {
    for (int capacity : {0, 2}) {
      const chan<wide> c(capacity);
      wait_group sending, receiving;
      for (int p = 0; p < 3; ++p) {
        sending.go([=] {
          wide w;
          for (int i = 0; i < 10; ++i) {
            w.words.fill(p * 100 + i);
            if (i % 2 == 0) {
              c << w;
            } else {
              select(on_send(c, w), on_recv(chan<int>(nullptr)));
            }
          }
        });
      }
      for (int k = 0; k < 3; ++k) {
        receiving.go([=] {
          for (const wide& w : c) {
            EXPECT_EQ(std::ranges::count(w.words, w.words[0]), std::ssize(w.words));
          }
        });
      }
      sending.wait();
      c.close();
      receiving.wait();
    }
  });
}

TEST(channel, CH_038_who_waits_at_a_channel_that_nobody_else_knows_waits_for_ever) {
  auto body = [] {
    for (bool receives : {true, false}) {
      auto* const last = new chan<std::string>;
      const auto passed = std::make_shared<std::atomic<bool>>(false);
      go([=] {
        const defer d([=] { *passed = true; });
        if (receives) {
          last->recv();
        } else {
          *last << "x";
        }
      });
      let_others_block();
      delete last;
      for (int i = 0; i < 5; ++i) {
        let_others_block();
        check(!*passed);
      }
    }
  };
  expect_deadlock(body, {"chan receive", "chan send"});
  on_real_threads(20, body);
}

}  // namespace
}  // namespace snag::test
