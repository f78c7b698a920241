// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/timer_heap.h"

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <random>
#include <vector>

namespace snag::detail {
namespace {

using ::testing::ElementsAre;

struct noting : timer_node {
  int label = 0;
  std::vector<int>* out = nullptr;
  static void note(timer_node& n) {
    auto& self = static_cast<noting&>(n);
    self.out->push_back(self.label);
  }
};

TEST(timer_heap, fires_by_time_and_among_equals_by_start) {
  std::vector<int> fired;
  noting n[5];
  const int times[] = {30, 10, 20, 10, 20};
  timer_heap heap;
  for (int i = 0; i < 5; ++i) {
    n[i].label = i, n[i].out = &fired, n[i].when = nanoseconds(times[i]), n[i].fire = noting::note;
    heap.insert(n[i]);
  }
  EXPECT_EQ(heap.next(), nanoseconds(10));
  EXPECT_EQ(heap.fire_due(nanoseconds(20)), 4u);
  EXPECT_THAT(fired, ElementsAre(1, 3, 2, 4));
  EXPECT_EQ(heap.fire_due(nanoseconds(29)), 0u);
  EXPECT_EQ(heap.fire_due(nanoseconds(30)), 1u);
  EXPECT_EQ(heap.next(), timer_heap::never);
}

TEST(timer_heap, a_removed_timer_does_not_fire) {
  std::vector<int> fired;
  noting n;
  n.out = &fired, n.fire = noting::note;
  timer_heap heap;
  EXPECT_FALSE(heap.remove(n));
  heap.insert(n);
  EXPECT_TRUE(heap.remove(n));
  EXPECT_FALSE(heap.remove(n));
  EXPECT_EQ(heap.fire_due(nanoseconds(1)), 0u);
}

TEST(timer_heap, in_the_child_of_a_fork_no_timer_of_the_parent_comes_due_and_each_can_be_started_again) {
  constexpr int count = 200;
  std::vector<int> fired;
  std::vector<noting> n(count);
  timer_heap heap;
  for (int i = 0; i < count; ++i) {
    n[i].label = i, n[i].out = &fired, n[i].when = nanoseconds(i * 7 % count), n[i].fire = noting::note;
    heap.insert(n[i]);
  }
  for (int i = 0; i < count; i += 3) heap.remove(n[i]);
  EXPECT_TRUE(heap.lock_for_fork());
  heap.disarm_all_in_child();
  heap.unlock_after_fork();
  heap.check_invariants();
  EXPECT_EQ(heap.next(), timer_heap::never);
  EXPECT_EQ(heap.fire_due(nanoseconds(count)), 0u);
  for (int i = 1; i < count; i += 3) {
    EXPECT_TRUE(heap.remove(n[i]));
    heap.insert(n[i]);
  }
  heap.check_invariants();
  EXPECT_EQ(heap.fire_due(nanoseconds(count)), static_cast<std::size_t>((count + 1) / 3));
  EXPECT_FALSE(heap.remove(n[1]));
  EXPECT_TRUE(heap.remove(n[2]));
}

TEST(timer_heap, a_timer_may_start_itself_again) {
  struct ticking : timer_node {
    timer_heap* heap;
    int left = 3;
  } t;
  timer_heap heap;
  t.heap = &heap;
  t.fire = [](timer_node& n) {
    auto& self = static_cast<ticking&>(n);
    self.when += nanoseconds(10);
    if (--self.left > 0) self.heap->insert(self);
  };
  t.when = nanoseconds(10);
  heap.insert(t);
  EXPECT_EQ(heap.fire_due(nanoseconds(15)), 1u);
  EXPECT_EQ(heap.next(), nanoseconds(20));
  EXPECT_EQ(heap.fire_due(nanoseconds(100)), 2u);
  EXPECT_EQ(heap.next(), timer_heap::never);
}

void compare_with_a_sorted_map(timer_heap::precision precision) {
  std::mt19937 random(7);
  std::vector<int> fired, expected;
  std::vector<std::unique_ptr<noting>> nodes;
  for (int i = 0; i < 300; ++i) {
    nodes.push_back(std::make_unique<noting>());
    nodes.back()->label = i, nodes.back()->out = &fired, nodes.back()->fire = noting::note;
  }
  timer_heap heap(precision);
  std::map<std::pair<std::int64_t, int>, noting*> model;  // (time, order of start)
  std::map<noting*, std::pair<std::int64_t, int>> keys;
  int order = 0;
  std::int64_t now = 0;
  for (int step = 0; step < 100'000; ++step) {
    noting& n = *nodes[random() % nodes.size()];
    switch (random() % 4) {
      case 0:
      case 1:
        if (keys.count(&n) == 0) {
          n.when = nanoseconds(now + static_cast<std::int64_t>(random() % 50));
          heap.insert(n);
          keys[&n] = {n.when.count(), order};
          model[{n.when.count(), order++}] = &n;
        }
        break;
      case 2:
        ASSERT_EQ(heap.remove(n), keys.count(&n) == 1);
        if (keys.count(&n) == 1) model.erase(keys[&n]), keys.erase(&n);
        break;
      case 3:
        now += random() % 5;
        heap.fire_due(nanoseconds(now));
        while (!model.empty() && model.begin()->first.first <= now) {
          expected.push_back(model.begin()->second->label);
          keys.erase(model.begin()->second);
          model.erase(model.begin());
        }
        ASSERT_EQ(fired, expected);
        fired.clear(), expected.clear();
        break;
    }
    ASSERT_EQ(heap.size(), model.size());
    const nanoseconds first = model.empty() ? timer_heap::never : nanoseconds(model.begin()->first.first);
    if (precision == timer_heap::precision::exact || model.empty()) {
      ASSERT_EQ(heap.next(), first);
    } else {
      ASSERT_LE(heap.next(), first);
    }
    if (step % 64 == 0) heap.check_invariants();
  }
}

TEST(timer_heap, agrees_with_a_sorted_map_on_random_operations) {
  compare_with_a_sorted_map(timer_heap::precision::exact);
}
TEST(timer_heap, may_be_early_but_agrees_with_a_sorted_map) {
  compare_with_a_sorted_map(timer_heap::precision::early);
}

}  // namespace
}  // namespace snag::detail
