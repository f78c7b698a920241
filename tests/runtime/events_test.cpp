// SPDX-License-Identifier: Apache-2.0
// What the scheduler tells an observer: lives and switches, in an order that a detector can rely on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/events.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "snag/schedule.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

// Follows every actor and checks each event against what came before.
class checker final : public events::observer {
 public:
  enum class phase { created, started, ended };
  struct life {
    phase now;
    std::uint64_t parent;
    bool running;
  };

  void on_created(events::actor& child, events::actor* parent, events::site) override {
    const detail::spin_lock lock(mutex_);
    EXPECT_EQ(lives_.count(&child), 0u) << "created twice";
    EXPECT_TRUE(ids_.insert(static_cast<std::uint64_t>(child.id)).second) << "id reused";
    lives_[&child] = {phase::created, parent != nullptr ? static_cast<std::uint64_t>(parent->id) : 0, false};
  }
  void on_started(events::actor& a, events::stack_bounds bounds) override {
    const detail::spin_lock lock(mutex_);
    EXPECT_EQ(lives_.at(&a).now, phase::created);
    lives_[&a].now = phase::started;
    if (a.kind == events::actor_kind::goroutine && a.id != events::goroutine_id::main) {
      EXPECT_TRUE(lives_[&a].running) << "started before the switch to it";
      const auto* here = static_cast<std::byte*>(__builtin_frame_address(0));
      EXPECT_TRUE(bounds.low < here && here < bounds.high) << "not on its own stack";
      bool mapped = false;
      for (const auto& [low, high] : stacks_) mapped = mapped || (low <= bounds.low && bounds.high <= high);
      EXPECT_TRUE(mapped) << "a stack that nobody announced";
    }
  }
  void on_ended(events::actor& a, events::stack_bounds) override {
    const detail::spin_lock lock(mutex_);
    EXPECT_EQ(lives_.at(&a).now, phase::started);
    lives_[&a].now = phase::ended;
    ++ended;
    if (a.kind == events::actor_kind::thread) lives_.erase(&a);
  }
  void on_switched(events::actor* from, events::actor* to) override {
    const detail::spin_lock lock(mutex_);
    // Each thread's switches make a chain, and nobody runs twice at once.
    events::actor*& here = running_[std::this_thread::get_id()];
    if (threads_seen_.insert(std::this_thread::get_id()).second) here = from;
    EXPECT_EQ(here, from);
    here = to;
    if (from != nullptr && lives_.count(from) != 0) {
      lives_[from].running = false;
      if (lives_[from].now == phase::ended) lives_.erase(from);  // the block may be used again
    }
    if (to != nullptr) {
      EXPECT_FALSE(lives_.at(to).running);
      lives_[to].running = true;
    }
  }
  void on_unblocked(events::actor& a, events::actor* by) override {
    const detail::spin_lock lock(mutex_);
    ++unblocked;
    last_waker = by;
    EXPECT_EQ(lives_.at(&a).now, phase::started);
  }
  void on_released_merging(events::actor&, events::object& o, std::size_t, events::site) override {
    const detail::spin_lock lock(mutex_);
    ++released[&o];
  }
  void on_acquired(events::actor& a, events::object& o, std::size_t, events::site) override {
    const detail::spin_lock lock(mutex_);
    acquired_after = released[&o];
    acquirer = &a;
  }
  void on_object_created(events::object& o, events::actor*, std::size_t, events::site) override {
    const detail::spin_lock lock(mutex_);
    released[&o] = 0;
  }
  void on_stacks_mapped(std::byte* low, std::byte* high) override {
    const detail::spin_lock lock(mutex_);
    stacks_.emplace_back(low, high);
  }

  std::uint64_t parent_of(const events::actor* a) {
    const detail::spin_lock lock(mutex_);
    return lives_.at(const_cast<events::actor*>(a)).parent;
  }
  std::size_t living() {
    const detail::spin_lock lock(mutex_);
    return lives_.size();
  }

  int ended = 0, unblocked = 0, acquired_after = -1;
  events::actor* last_waker = nullptr;
  events::actor* acquirer = nullptr;
  std::map<events::object*, int> released;

 private:
  detail::spin_mutex mutex_;  // a std::mutex would park the goroutine
  std::map<events::actor*, life> lives_;
  std::set<std::uint64_t> ids_;
  std::map<std::thread::id, events::actor*> running_;
  std::set<std::thread::id> threads_seen_;
  std::vector<std::pair<std::byte*, std::byte*>> stacks_;
};

// Installed before main, as events.h asks; never destroyed, because events go on until the process is gone.
[[gnu::init_priority(101)]] struct installer {
  installer() { events::install(*seen); }
  checker* seen = new checker;
} observer;
checker& seen = *observer.seen;

TEST(events, lives_and_switches_are_consistent_on_several_workers) {
  max_procs(3);
  gate done;
  for (int i = 0; i < 500; ++i)
    go([&] {
      for (int k = 0; k < 5; ++k) yield();
      go([&] { done.add(); });
      done.add();
    });
  done.take(1000);
  while (num_goroutine() > 1) yield();
}

TEST(events, a_goroutine_is_created_by_its_parent_and_unblocked_by_its_waker) {
  gate g, done;
  std::uint64_t parent = 0;
  go([&] {
    parent = seen.parent_of(&detail::current());
    g.take();
    done.add();
  });
  while (detail::current().reason != detail::wait_reason::none) yield();
  const int before = seen.unblocked;
  for (int i = 0; i < 100; ++i) yield();
  g.add();
  done.take();
  EXPECT_EQ(parent, 1u);
  EXPECT_GT(seen.unblocked, before);
}

TEST(events, foreign_threads_live_too_and_create_goroutines) {
  gate done;
  std::uint64_t parent = 0, id = 0;
  std::thread([&] {
    id = goroutine_id();
    go([&] {
      parent = seen.parent_of(&detail::current());
      done.add();
    });
    done.take();
  }).join();
  EXPECT_EQ(parent, id);
}

TEST(events, what_happened_in_a_simulation_happens_before_its_end) {
  const int before = seen.ended;
  simulate(schedule::random(1), [] {
    for (int i = 0; i < 9; ++i) go([] { yield(); });
  });
  EXPECT_EQ(seen.ended - before, 10);
  EXPECT_EQ(seen.acquired_after, 10);
  EXPECT_EQ(seen.acquirer, &detail::current());
}

TEST(events, closures_live_in_the_heap_so_that_an_observer_of_memory_can_follow_them) {
  gate done;
  const void* inside = nullptr;
  const detail::goroutine* self = nullptr;
  struct probe {
    gate* done;
    const void** inside;
    const detail::goroutine** self;
    void operator()() {
      *inside = this;
      *self = &detail::current();
      done->add();
    }
  };
  go(probe{&done, &inside, &self});
  done.take();
  const auto* block = reinterpret_cast<const std::byte*>(self);
  EXPECT_FALSE(inside >= block && inside < block + sizeof(detail::goroutine));
}

}  // namespace
}  // namespace snag
