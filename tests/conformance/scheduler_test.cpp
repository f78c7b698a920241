// SPDX-License-Identifier: Apache-2.0
// Go, runtime/proc.go; rules SC-001 to SC-011. What a seeded run replaces is looked at in its parts, or on
// real threads.
#include "runtime/src/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <vector>

#include "runtime/src/work_stealing.h"
#include "tests/conformance/waiting.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using detail::goroutine;
using detail::run_queue;
using detail::stealing_worker;
using detail::work_stealing;
using testing::ElementsAre;

// A worker that no thread runs.
struct workbench {
  work_stealing home{1};
  stealing_worker worker{home, 0};
  std::vector<goroutine> some = std::vector<goroutine>(600);

  void push_global(goroutine& g) {
    g.queue_next = nullptr;
    home.push_global(&g, &g, 1);
  }
  // Who is called, in order, until nobody is left.
  std::vector<int> order() {
    std::vector<int> result;
    while (goroutine* g = worker.next_here()) result.push_back(static_cast<int>(g - some.data()));
    return result;
  }
};

TEST(scheduler, SC_001_who_is_readied_runs_next_and_displaces_the_one_before_to_the_tail) {
  const with_max_procs one(1);
  on_real_threads(20, [] {
    std::vector<int> order;
    wait_group all;
    for (int i = 0; i < 5; ++i) all.go([&order, i] { order.push_back(i); });
    all.wait();
    EXPECT_THAT(order, ElementsAre(4, 0, 1, 2, 3));
  });
}

TEST(scheduler, SC_001_and_inherits_the_time_slice) {
  const with_max_procs one(1);
  std::atomic<bool> ran{false};
  std::atomic<long> chats{0};
  chan<int> ping, pong;
  wait_group all;
  all.go([&] {
    for (int v : ping) pong << v;
    pong.close();
  });
  all.go([&] {
    while (!ran && chats < 1'000'000) {
      ping << 1;
      pong.recv();
      ++chats;
    }
    ping.close();
  });
  all.go([&] {
    yield();
    ran = true;
  });
  all.wait();
  EXPECT_LT(chats, 10'000) << "the pair ran in each other's slices for ever";
}

TEST(scheduler, SC_002_the_local_queue_holds_256_and_half_of_it_overflows_with_the_new_one) {
  workbench b;
  for (std::size_t i = 0; i < 256; ++i) b.worker.push(b.some[i]);
  EXPECT_EQ(b.worker.queue.size(), 256u);
  EXPECT_EQ(b.home.pop_global(b.worker, 1), nullptr);
  b.worker.push(b.some[256]);
  EXPECT_EQ(b.worker.queue.size(), 128u);
  std::vector<int> global;
  while (goroutine* g = b.home.pop_global(b.worker, 1)) global.push_back(static_cast<int>(g - b.some.data()));
  ASSERT_EQ(global.size(), 129u);
  EXPECT_EQ(global.front(), 0);
  EXPECT_EQ(global[127], 127);
  EXPECT_EQ(global.back(), 256);
  EXPECT_EQ(b.worker.queue.pop(), &b.some[128]);
}

TEST(scheduler, SC_003_every_61st_tick_takes_from_the_global_queue_first) {
  workbench b;
  for (std::size_t i = 0; i < 200; ++i) b.worker.push(b.some[i]);
  for (std::size_t i = 500; i < 503; ++i) b.push_global(b.some[i]);
  const std::vector<int> order = b.order();
  std::vector<int> at;
  for (std::size_t i = 0; i < 200; ++i)
    if (order[i] >= 500) at.push_back(static_cast<int>(i) + 1);
  EXPECT_THAT(at, ElementsAre(61, 122, 183));
}

TEST(scheduler, SC_004_due_timers_then_run_next_then_local_then_global) {
  workbench b;
  b.push_global(b.some[9]);
  b.worker.push(b.some[1]);
  b.worker.push(b.some[2]);
  b.worker.queue.push_next(b.some[3]);
  EXPECT_THAT(b.order(), ElementsAre(3, 1, 2, 9));
  detail::timer_node due;
  due.when = std::chrono::nanoseconds(1);
  b.worker.timers.insert(due);
  b.worker.push(b.some[4]);
  EXPECT_EQ(b.worker.next_here(), nullptr) << "a timer goes first, on the scheduler's stack";
  b.worker.timers.remove(due);
  EXPECT_THAT(b.order(), ElementsAre(4));
}

TEST(scheduler, SC_005_a_thief_takes_the_older_half_and_leaves_run_next) {
  std::vector<goroutine> some(9);
  run_queue victim, thief;
  for (std::size_t i = 0; i < 8; ++i) victim.push(some[i]);
  victim.push_next(some[8]);
  EXPECT_EQ(thief.steal_from(victim), &some[3]);
  EXPECT_EQ(thief.size(), 3u);
  EXPECT_EQ(victim.size(), 4u);
  while (victim.pop() != nullptr) {
  }
  EXPECT_EQ(thief.steal_from(victim), nullptr);
  EXPECT_EQ(victim.look().next, &some[8]);
  EXPECT_TRUE(victim.steal_next(&some[8]));
}

TEST(scheduler, SC_005_run_next_is_stolen_from_a_worker_that_does_not_come_to_it) {
  const with_max_procs two(2);
  on_real_threads(10, [] {
    std::atomic<bool> ran{false};
    go([&] { ran = true; });
    while (!ran) {  // never switches
    }
  });
}

TEST(scheduler, SC_006_work_for_one_wakes_one_worker_and_not_all) {
  auto& home = dynamic_cast<work_stealing&>(detail::default_scheduler());
  const with_max_procs many(64);
  const std::uint32_t before = home.workers_started();
  for (int i = 0; i < 500; ++i) {
    wait_group one;
    one.go([] {});
    one.wait();
  }
  EXPECT_LE(home.workers_started(), before + 8);
}

// Everybody goes to sleep between two items: each has to find a worker that is just going, or gone.
TEST(scheduler, SC_007_no_work_is_lost_to_a_worker_that_goes_to_sleep) {
  const with_max_procs two(2);
  chan<int> items, answers;
  go([=] {
    for (int v : items) answers << v;
    answers.close();
  });
  for (int i = 0; i < 5000; ++i) {
    items << i;
    for (int spin = 0; spin < (i % 50) * 50; ++spin) __builtin_ia32_pause();
    EXPECT_EQ(answers.recv(), i);
  }
  items.close();
  EXPECT_FALSE(answers.next().has_value());
}

TEST(scheduler, SC_008_the_monitor_takes_over_for_workers_in_system_calls) {
  const with_max_procs two(2);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  wait_group all;
  for (int i = 0; i < 4; ++i) {
    all.go([&] {
      char c;
      EXPECT_EQ(read(ends[0], &c, 1), 1);
    });
  }
  all.go([&] {
    yield();
    EXPECT_EQ(write(ends[1], "wxyz", 4), 4);
  });
  all.wait();
  close(ends[0]);
  close(ends[1]);
}

TEST(scheduler, SC_008_and_asks_who_runs_for_more_than_10_ms_to_make_room) {
  const with_max_procs one(1);
  std::atomic<bool> stop{false};
  go([&] { stop = true; });
  chan<int> own(1);
  while (!stop) {  // operations, but no waits
    own << 1;
    own.recv();
  }
}

TEST(scheduler, SC_009_control_blocks_of_ended_goroutines_are_used_again) {
  const with_max_procs one(1);
  std::set<const goroutine*> blocks;
  for (int i = 0; i < 1000; ++i) {
    wait_group ended;
    ended.go([&] { blocks.insert(&detail::current()); });
    ended.wait();
  }
  EXPECT_LE(blocks.size(), 8u);
}

TEST(scheduler, SC_010_timers_of_a_busy_worker_are_run_by_another) {
  const with_max_procs two(2);
  on_real_threads(5, [] {
    std::atomic<bool> fired{false};
    const timer t = after_func(1ms, [&] { fired = true; });
    while (!fired) {  // this worker's, and it does not look at it
    }
  });
}

TEST(scheduler, SC_011_changing_max_procs_loses_nobody) {
  const with_max_procs start(2);
  std::atomic<bool> stop{false};
  std::atomic<long> steps{0};
  wait_group all;
  for (int i = 0; i < 16; ++i) {
    all.go([&] {
      while (!stop) {
        ++steps;
        yield();
      }
    });
  }
  for (const int n : {1, 4, 2, 8, 1, 3}) {
    max_procs(n);
    EXPECT_EQ(max_procs(0), n);
    const long before = steps;
    while (steps < before + 1000) yield();
  }
  stop = true;
  all.wait();
}

}  // namespace
}  // namespace snag::test
