// SPDX-License-Identifier: Apache-2.0
// Both orders, on actors, beside a model that keeps whole vectors.
#include "detector/src/known_order.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <vector>

#include "detector/src/actor_state.h"
#include "detector/src/object_state.h"

namespace snag::detector {
namespace {

std::unique_ptr<actor_state> actor() {
  return std::make_unique<actor_state>(events::goroutine_id{7}, events::actor_kind::goroutine, nullptr);
}

TEST(known_order, what_comes_through_a_lock_is_known_to_one_order_only) {
  const auto a = actor(), b = actor(), c = actor();
  const epoch first = a->now();
  b->acquire(a->release_lock());
  EXPECT_TRUE(b->follows(first));
  EXPECT_FALSE(b->order_but_locks().covers(first));
  // And stays so with whoever learns from that one.
  const epoch second = b->now();
  c->acquire(b->release());
  EXPECT_TRUE(c->follows(first));
  EXPECT_TRUE(c->order_but_locks().covers(second));
  EXPECT_FALSE(c->order_but_locks().covers(first));
}

TEST(known_order, is_one_clock_until_a_lock_tells_news) {
  const auto a = actor(), b = actor();
  b->acquire(a->release());
  EXPECT_FALSE(b->release().differs());
  const known_order old = a->release_lock();
  b->acquire(a->release());
  b->acquire(old);  // no news
  EXPECT_FALSE(b->release().differs());
  b->acquire(a->release_lock());
  EXPECT_TRUE(b->release().differs());
}

// Actors that release to and acquire from locks and other objects, some of which merge. Few enough that each
// meets each, and more than fit into a leaf of a clock.
TEST(known_order, agrees_with_whole_vectors) {
  constexpr int actors = 24, objects = 8, steps = 3000;  // the even objects are locks
  using whole = std::array<std::uint32_t, actors>;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::unique_ptr<actor_state>> all;
    std::array<object_state, objects> real;
    std::array<std::array<whole, actors>, 2> known{};  // [with locks, without]
    std::array<std::array<whole, objects>, 2> kept{};
    for (int i = 0; i < actors; ++i) all.push_back(actor());
    const auto join = [](whole& into, const whole& from) {
      for (int i = 0; i < actors; ++i) into[i] = std::max(into[i], from[i]);
    };
    for (int step = 0; step < steps; ++step) {
      const int who = static_cast<int>(random() % actors), o = static_cast<int>(random() % objects);
      const bool is_lock = o % 2 == 0, merges = o % 4 >= 2;
      actor_state& a = *all[who];
      spin_guard guard(real[o].lock);
      if (random() % 2 == 0) {
        for (auto& of_order : known) of_order[who][who] = a.now().time;
        const known_order released = is_lock ? a.release_lock() : a.release();
        if (merges)
          real[o].merge(0, released);
        else
          real[o].part(0) = released;
        for (int order = 0; order < 2; ++order) {
          if (!merges) kept[order][o] = {};
          if (order == 0 || !is_lock) join(kept[order][o], known[order][who]);
        }
      } else {
        a.acquire(real[o].learn(0));
        for (int order = 0; order < 2; ++order) join(known[order][who], kept[order][o]);
      }
      for (int other = 0; other < actors; ++other) {
        if (other == who) continue;
        const epoch e = all[other]->now();
        ASSERT_EQ(a.follows({e.slot, known[0][who][other]}), true) << seed << " " << step;
        ASSERT_FALSE(a.follows({e.slot, known[0][who][other] + 1})) << seed << " " << step;
        ASSERT_TRUE(a.order_but_locks().covers({e.slot, known[1][who][other]})) << seed << " " << step;
        ASSERT_FALSE(a.order_but_locks().covers({e.slot, known[1][who][other] + 1})) << seed << " " << step;
      }
    }
  }
}

}  // namespace
}  // namespace snag::detector
