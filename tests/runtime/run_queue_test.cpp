// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/run_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace snag::detail {
namespace {

std::vector<goroutine> make(std::size_t n) { return std::vector<goroutine>(n); }

TEST(run_queue, is_first_in_first_out_up_to_its_capacity) {
  auto g = make(run_queue::capacity + 1);
  run_queue q;
  for (std::size_t i = 0; i < run_queue::capacity; ++i) EXPECT_TRUE(q.push(g[i]));
  EXPECT_FALSE(q.push(g.back()));
  for (std::size_t i = 0; i < run_queue::capacity; ++i) EXPECT_EQ(q.pop(), &g[i]);
  EXPECT_EQ(q.pop(), nullptr);
}

TEST(run_queue, run_next_displaces_and_is_taken_once) {
  auto g = make(2);
  run_queue q;
  EXPECT_EQ(q.push_next(g[0]), nullptr);
  EXPECT_FALSE(q.empty());
  EXPECT_EQ(q.push_next(g[1]), &g[0]);
  EXPECT_FALSE(q.steal_next(&g[0]));
  EXPECT_TRUE(q.steal_next(&g[1]));
  EXPECT_EQ(q.pop_next(), nullptr);
  EXPECT_TRUE(q.empty());
}

TEST(run_queue, half_of_the_queue_is_stolen_the_older_half_in_order) {
  auto g = make(7);
  run_queue victim, thief;
  for (auto& x : g) victim.push(x);
  EXPECT_EQ(thief.steal_from(victim), &g[3]);  // four of seven; the last of them to run at once
  EXPECT_EQ(thief.size(), 3u);
  EXPECT_EQ(victim.size(), 3u);
  for (int i : {0, 1, 2}) EXPECT_EQ(thief.pop(), &g[static_cast<std::size_t>(i)]);
  for (int i : {4, 5, 6}) EXPECT_EQ(victim.pop(), &g[static_cast<std::size_t>(i)]);
  EXPECT_EQ(thief.steal_from(victim), nullptr);
}

TEST(run_queue, those_who_wait_are_counted_up_to_a_crowd_but_for_competitors) {
  auto g = make(run_queue::crowd + 2);
  run_queue q;
  EXPECT_EQ(q.waiting(), 0u);
  q.push_next(g[0]);
  EXPECT_EQ(q.waiting(), 0u) << "run-next is about to run";
  g[1].competes = true;
  for (std::size_t i = 1; i < g.size(); ++i) {
    q.push(g[i]);
    EXPECT_EQ(q.waiting(), i - 1);
  }
  q.push(g[0]);
  EXPECT_EQ(q.waiting(), run_queue::crowd);
}

// Random operations of the owner against a deque.
TEST(run_queue, agrees_with_a_deque) {
  std::mt19937 random(1);
  auto g = make(1000);
  run_queue q, thief;
  std::deque<goroutine*> model;
  std::size_t next = 0;
  for (int step = 0; step < 200'000; ++step) {
    switch (random() % 8) {
      case 0:
      case 1:
      case 2:
      case 3: {
        goroutine& x = g[next++ % g.size()];
        const bool room = model.size() < run_queue::capacity;
        ASSERT_EQ(q.push(x), room);
        if (room) model.push_back(&x);
        break;
      }
      case 4:
      case 5: {
        goroutine* expected = model.empty() ? nullptr : model.front();
        if (!model.empty()) model.pop_front();
        ASSERT_EQ(q.pop(), expected);
        break;
      }
      case 6: {
        std::uint32_t count;
        goroutine* taken = q.pop_half(count);
        ASSERT_EQ(count, model.size() / 2);
        for (std::uint32_t i = 0; i < count; ++i, taken = taken->queue_next) {
          ASSERT_EQ(taken, model.front());
          model.pop_front();
        }
        break;
      }
      case 7: {
        const std::size_t count = model.size() - model.size() / 2;
        goroutine* last = thief.steal_from(q);
        ASSERT_EQ(last, count == 0 ? nullptr : model[count - 1]);
        for (std::size_t i = 0; i + 1 < count; ++i) ASSERT_EQ(thief.pop(), model[i]);
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
        break;
      }
    }
    ASSERT_EQ(q.size(), model.size());
    ASSERT_EQ(q.empty(), model.empty());
  }
}

// One owner and two thieves: everybody who goes in comes out exactly once.
TEST(run_queue, loses_and_doubles_nobody_under_thieves) {
  constexpr int rounds = 60;
  for (int round = 0; round < rounds; ++round) {
    constexpr std::size_t n = 3000;
    auto g = make(n);
    auto seen = std::make_unique<std::atomic<int>[]>(n);
    run_queue q;
    std::atomic<bool> over{false};
    const auto count = [&](goroutine* x) { seen[static_cast<std::size_t>(x - g.data())].fetch_add(1); };
    const auto steal = [&] {
      run_queue own;
      while (!over.load(std::memory_order_acquire) || !q.empty()) {
        if (goroutine* x = own.steal_from(q)) count(x);
        while (goroutine* x = own.pop()) count(x);
        if (goroutine* x = q.look().next; x != nullptr && q.steal_next(x)) count(x);
      }
    };
    std::thread a(steal), b(steal);
    std::minstd_rand random(static_cast<unsigned>(round + 1));
    for (std::size_t i = 0; i < n; ++i) {
      goroutine* in = &g[i];
      if (random() % 3 == 0) in = q.push_next(*in);
      while (in != nullptr && !q.push(*in)) {
        std::uint32_t half;
        for (goroutine* x = q.pop_half(half); half > 0; --half, x = x->queue_next) count(x);
      }
      if (random() % 4 == 0)
        if (goroutine* x = q.pop_next()) count(x);
      if (random() % 2 == 0)
        if (goroutine* x = q.pop()) count(x);
    }
    over.store(true, std::memory_order_release);
    a.join();
    b.join();
    for (std::size_t i = 0; i < n; ++i)
      ASSERT_EQ(seen[i].load(), 1) << "goroutine " << i << ", round " << round;
  }
}

}  // namespace
}  // namespace snag::detail
