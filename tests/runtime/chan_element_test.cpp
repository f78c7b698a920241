// SPDX-License-Identifier: Apache-2.0
// What becomes of the elements: how often they are copied, moved and destroyed, by whom, and when that
// throws.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

struct trace {
  int copies = 0, moves = 0;
  int alive = 0;
  std::vector<std::uint64_t> movers;
};

// Knows which goroutine did what to it.
struct traced {
  using log = trace;
  static inline std::mutex guard;
  static inline log all;

  int value = 0;

  traced() {
    count([](log& l) { ++l.alive; });
  }
  explicit traced(int v) : traced() { value = v; }
  traced(const traced& o) : value(o.value) {
    count([](log& l) { ++l.alive, ++l.copies; });
  }
  traced(traced&& o) : value(std::exchange(o.value, -1)) {
    const auto by = goroutine_id();
    count([by](log& l) { ++l.alive, ++l.moves, l.movers.push_back(by); });
  }
  traced& operator=(const traced&) = default;
  traced& operator=(traced&& o) {
    value = std::exchange(o.value, -1);
    const auto by = goroutine_id();
    count([by](log& l) { ++l.moves, l.movers.push_back(by); });
    return *this;
  }
  ~traced() {
    count([](log& l) { --l.alive; });
  }

  template <class F>
  static void count(F f) {
    const std::lock_guard lock(guard);
    f(all);
  }
  static log take() {
    const std::lock_guard lock(guard);
    const int alive = all.alive;
    log seen = std::exchange(all, {});
    all.alive = alive;
    return seen;
  }
};

class chan_element : public testing::Test {
 protected:
  void SetUp() override { traced::take(); }
  void TearDown() override { EXPECT_EQ(traced::take().alive, 0); }
};

TEST_F(chan_element, an_rvalue_is_moved_once_by_each_side_on_its_own_goroutine) {
  for (int capacity : {0, 1}) {
    on_every_schedule([capacity] {
      chan<traced> c(capacity);
      std::uint64_t sender = 0;
      wait_group wg;
      traced::take();
      wg.go([&, c] {
        sender = goroutine_id();
        traced t(42);
        c << std::move(t);
        EXPECT_EQ(t.value, -1);
      });
      const traced got = c.recv();
      EXPECT_EQ(got.value, 42);
      wg.wait();
      const auto log = traced::take();
      EXPECT_EQ(log.copies, 0);
      EXPECT_EQ(log.movers, (std::vector<std::uint64_t>{sender, goroutine_id()}));
    });
  }
}

TEST_F(chan_element, an_lvalue_is_copied_and_stays) {
  on_every_seed(10, [] {
    chan<traced> c(1);
    const traced t(7);
    traced::take();
    c << t;
    EXPECT_EQ(t.value, 7);
    EXPECT_EQ(c.next()->value, 7);
    const auto log = traced::take();
    EXPECT_EQ(log.copies, 1);
  });
}

TEST_F(chan_element, a_refused_value_is_not_moved_from) {
  on_every_seed(10, [] {
    chan<traced> c(1);
    traced t(1);
    EXPECT_TRUE(c.try_send(std::move(t)));
    traced u(2);
    traced::take();
    EXPECT_FALSE(c.try_send(std::move(u)));
    EXPECT_EQ(u.value, 2);
    EXPECT_EQ(traced::take().moves, 0);
    chan<std::unique_ptr<int>> p;
    auto q = std::make_unique<int>(3);
    EXPECT_FALSE(p.try_send(std::move(q)));
    EXPECT_NE(q, nullptr);
  });
}

TEST_F(chan_element, a_send_that_select_does_not_choose_moves_nothing) {
  on_every_seed(50, [] {
    chan<traced> full(1), empty(1);
    full << traced(1);
    traced a(2), b(3);
    traced::take();
    const int chosen = select(on_send(full, std::move(a)), on_send(empty, std::move(b)));
    EXPECT_EQ(chosen, 1);
    EXPECT_EQ(a.value, 2);
    EXPECT_EQ(b.value, -1);
    EXPECT_EQ(traced::take().moves, 1);
    EXPECT_EQ(empty.recv().value, 3);
  });
}

TEST_F(chan_element, a_parked_select_send_moves_on_its_own_goroutine_once_chosen) {
  on_every_schedule([] {
    chan<traced> a, b;
    std::uint64_t sender = 0;
    wait_group wg;
    traced::take();
    wg.go([&] {
      sender = goroutine_id();
      traced x(1), y(2);
      const int chosen = select(on_send(a, std::move(x)), on_send(b, std::move(y)));
      EXPECT_EQ(chosen, 1);
      EXPECT_EQ(x.value, 1);
      EXPECT_EQ(y.value, -1);
    });
    let_others_block();
    const traced got = b.recv();
    EXPECT_EQ(got.value, 2);
    wg.wait();
    EXPECT_EQ(traced::take().movers, (std::vector<std::uint64_t>{sender, goroutine_id()}));
  });
}

TEST_F(chan_element, two_selects_meet_in_both_directions) {
  on_every_schedule([] {
    chan<traced> c, never;
    wait_group wg;
    wg.go([=] {
      traced t(5);
      EXPECT_EQ(select(on_recv(never), on_send(c, std::move(t))), 1);
    });
    wg.go([=] { EXPECT_EQ(select(on_recv(c, [](traced t) { EXPECT_EQ(t.value, 5); }), on_recv(never)), 0); });
    wg.wait();
  });
}

TEST_F(chan_element, a_select_send_takes_its_turn_at_a_full_buffer) {
  on_every_schedule([] {
    chan<traced> c(1), never;
    wait_group wg;
    c << traced(0);
    for (int i = 1; i <= 3; ++i) {
      wg.go([=] {
        traced t(i);
        if (i == 2) {
          c << std::move(t);
        } else {
          select(on_send(c, std::move(t)), on_recv(never));
        }
      });
      let_others_block();
    }
    std::multiset<int> got;
    for (int i = 0; i <= 3; ++i) got.insert(c.recv().value);
    EXPECT_EQ(got, (std::multiset<int>{0, 1, 2, 3}));
    wg.wait();
  });
}

TEST_F(chan_element, values_left_behind_are_destroyed) {
  simulate(schedule::random(1), [] {
    {
      chan<traced> c(3);
      c << traced(1);
      c << traced(2);
      c.close();
      EXPECT_EQ(traced::take().alive, 2);
    }
    EXPECT_EQ(traced::take().alive, 0);
    chan<std::shared_ptr<int>> c(1);
    auto p = std::make_shared<int>(1);
    c << p;
    EXPECT_EQ(p.use_count(), 2);
    c.recv();
    EXPECT_EQ(p.use_count(), 1);  // the channel keeps nothing of what it has handed out
  });
}

struct throws_on {
  static inline std::atomic<int> moves_until_throw{-1};
  int value = 0;
  throws_on() = default;
  explicit throws_on(int v) : value(v) {}
  throws_on(throws_on&& o) : value(o.value) {
    if (moves_until_throw >= 0 && moves_until_throw-- == 0) throw std::runtime_error("move");
  }
  throws_on& operator=(throws_on&&) = default;
};

TEST_F(chan_element, a_throwing_move_leaves_the_channel_as_it_was) {
  on_every_seed(20, [] {
    chan<throws_on> c(1);
    throws_on t(1);
    throws_on::moves_until_throw = 0;
    EXPECT_THROW(c << std::move(t), std::runtime_error);
    throws_on::moves_until_throw = 0;
    EXPECT_THROW((void)c.try_send(std::move(t)), std::runtime_error);
    throws_on::moves_until_throw = 0;
    EXPECT_THROW(select(on_send(c, std::move(t))), std::runtime_error);
    throws_on::moves_until_throw = -1;
    EXPECT_EQ(c.len(), 0u);
    EXPECT_TRUE(c.try_send(std::move(t)));
    EXPECT_EQ(c.recv().value, 1);
  });
}

TEST_F(chan_element, a_receiver_that_was_promised_a_value_that_throws_gets_the_next) {
  on_every_seed(100, [] {
    chan<throws_on> c, never;
    wait_group wg;
    std::atomic<int> thrown{0};
    wg.go([&] {
      throws_on t(1);
      throws_on::moves_until_throw = 0;
      try {
        select(on_send(c, std::move(t)), on_recv(never));
      } catch (const std::runtime_error&) {
        ++thrown;
      }
      throws_on::moves_until_throw = -1;
      c << throws_on(2);
    });
    let_others_block();
    EXPECT_EQ(c.recv().value, 2);
    wg.wait();
    EXPECT_EQ(thrown, 1);
  });
}

TEST_F(chan_element, a_sender_that_throws_lets_the_next_waiting_sender_in) {
  on_every_seed(100, [] {
    chan<throws_on> c(1), never;
    wait_group wg;
    throws_on::moves_until_throw = -1;
    c << throws_on(1);
    wg.go([&] {
      throws_on t(2);
      try {
        select(on_send(c, std::move(t)), on_recv(never));
        ADD_FAILURE();
      } catch (const std::runtime_error&) {
      }
    });
    let_others_block();
    wg.go([&] { c << throws_on(3); });
    let_others_block();
    throws_on::moves_until_throw = 1;  // our own move out first, then the sender's
    EXPECT_EQ(c.recv().value, 1);
    let_others_block();
    throws_on::moves_until_throw = -1;
    EXPECT_EQ(c.recv().value, 3);
    wg.wait();
    EXPECT_EQ(c.len(), 0u);
  });
}

struct large {
  std::array<std::uint64_t, 1000> words;
};

TEST_F(chan_element, is_never_torn) {
  on_real_threads(3, [] {
    for (int capacity : {0, 3}) {
      chan<large> c(capacity);
      wait_group wg;
      for (std::uint64_t p = 0; p < 4; ++p) {
        wg.go([=] {
          large l;
          for (int i = 0; i < 100; ++i) {
            l.words.fill(p * 1000 + i);
            c << l;
          }
        });
      }
      for (int k = 0; k < 4; ++k) {
        go([=] {
          for (large& l : c) {
            for (auto w : l.words) ASSERT_EQ(w, l.words[0]);
          }
        });
      }
      wg.wait();
      c.close();
    }
  });
}

struct no_default {
  explicit no_default(int v) : value(v) {}
  int value;
};
template <class C>
concept has_recv = requires(C c) { c.recv(); };

TEST_F(chan_element, need_not_have_a_zero_value_for_next) {
  static_assert(!has_recv<chan<no_default>>);
  simulate(schedule::random(1), [] {
    chan<no_default> c(1);
    c << no_default(4);
    no_default v(0);
    EXPECT_EQ(c.try_recv(v), chan_status::ok);
    EXPECT_EQ(v.value, 4);
    c.close();
    EXPECT_FALSE(c.next().has_value());
  });
}

template <class T>
concept takes_lvalue = requires(chan<T> c, T v) { c << v; };

TEST_F(chan_element, may_be_move_only) {
  on_every_seed(10, [] {
    static_assert(!takes_lvalue<std::unique_ptr<int>> && takes_lvalue<std::shared_ptr<int>>);
    chan<std::unique_ptr<int>> c;
    go([=] { c << std::make_unique<int>(3); });
    EXPECT_EQ(*c.recv(), 3);
  });
}

}  // namespace
}  // namespace snag::test
