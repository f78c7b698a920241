// SPDX-License-Identifier: Apache-2.0
// The work-stealing scheduler as goroutines see it: nobody lost, nobody doubled, nobody starved.
#include "runtime/src/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/src/goroutine_table.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using test::gate;

class scheduler : public ::testing::Test {
 protected:
  void TearDown() override {
    while (num_goroutine() > 1) yield();  // the last ones are still on their way out
    std::size_t alive = 0;
    detail::goroutine_table::instance().for_each_alive([&](const detail::goroutine& g) {
      if (g.home != nullptr) ++alive;
    });
    EXPECT_EQ(alive, 1u) << "main alone is left";
    max_procs(procs_);
  }
  const int procs_ = max_procs(0);
};

TEST_F(scheduler, main_is_goroutine_1) {
  EXPECT_EQ(goroutine_id(), 1u);
  EXPECT_EQ(num_goroutine(), 1);
}

TEST_F(scheduler, runs_100000_goroutines_to_their_end) {
  std::atomic<int> ran{0};
  for (int i = 0; i < 100'000; ++i) go([&] { ++ran; });
  while (ran < 100'000) yield();
}

TEST_F(scheduler, wakes_100000_parked_goroutines) {
  constexpr int n = 100'000;
  gate hold, done;
  for (int i = 0; i < n; ++i)
    go([&] {
      hold.take();
      done.add();
    });
  EXPECT_GE(num_goroutine(), n);
  for (int i = 0; i < n; ++i) hold.add();
  done.take(n);
}

TEST_F(scheduler, on_one_worker_the_last_spawned_runs_next_and_the_others_in_order) {
  max_procs(1);
  std::vector<int> order;
  gate done;
  for (int i = 0; i < 5; ++i) go([&, i] { order.push_back(i), done.add(); });
  done.take(5);
  EXPECT_EQ(order, (std::vector<int>{4, 0, 1, 2, 3}));
}

TEST_F(scheduler, on_one_worker_yield_goes_to_the_back_of_the_queue) {
  max_procs(1);
  std::string order;
  gate done;
  for (const char name : {'a', 'b', 'c'})
    go([&, name] {
      for (int k = 0; k < 3; ++k) {
        order += name;
        yield();
      }
      done.add();
    });
  done.take(3);
  EXPECT_EQ(order, "cabcabcab");
}

// Go's TestPingPongHog: a pair that hands the processor to and fro through run-next shares one time slice.
TEST_F(scheduler, a_chatting_pair_does_not_starve_others_on_one_worker) {
  max_procs(1);
  std::atomic<bool> stop{false};
  gate ping, pong, done;
  std::uint64_t chats = 0;
  go([&] {
    while (!stop) {
      ping.take();
      pong.add();
    }
    pong.add();
    done.add();
  });
  go([&] {
    while (!stop) {
      ping.add();
      pong.take();
      ++chats;
    }
    ping.add();
    done.add();
  });
  for (int i = 0; i < 100; ++i) yield();
  stop = true;
  done.take(2);
  EXPECT_LT(chats, 100'000u);
}

TEST_F(scheduler, pairs_exchange_tokens_over_several_workers_without_losing_a_wake_up) {
  max_procs(4);
  constexpr int pairs = 8, rounds = 20'000;
  gate done;
  std::vector<std::unique_ptr<gate>> gates;
  for (int i = 0; i < 2 * pairs; ++i) gates.push_back(std::make_unique<gate>());
  for (std::size_t p = 0; p < pairs; ++p) {
    gate &a = *gates[2 * p], &b = *gates[2 * p + 1];
    go([&] {
      for (int i = 0; i < rounds; ++i) a.add(), b.take();
      done.add();
    });
    go([&] {
      for (int i = 0; i < rounds; ++i) a.take(), b.add();
      done.add();
    });
  }
  done.take(2 * pairs);
}

// Everybody sleeps between two items: each wake-up has to find a worker that is just going to sleep.
TEST_F(scheduler, single_items_with_pauses_always_find_a_worker) {
  max_procs(2);
  gate items, answers;
  go([&] {
    for (int i = 0; i < 3000; ++i) items.take(), answers.add();
  });
  for (int i = 0; i < 3000; ++i) {
    items.add();
    if (i % 3 == 0)
      for (int spin = 0; spin < (i % 50) * 100; ++spin) __builtin_ia32_pause();
    answers.take();
  }
}

TEST_F(scheduler, a_tree_of_goroutines_is_spread_and_joined) {
  max_procs(4);
  struct tree {
    static void count(int depth, std::atomic<int>* leaves, gate* done) {
      if (depth == 0) {
        ++*leaves;
        return done->add();
      }
      gate children;
      go(count, depth - 1, leaves, &children);
      go(count, depth - 1, leaves, &children);
      children.take(2);
      done->add();
    }
  };
  std::atomic<int> leaves{0};
  gate done;
  go(tree::count, 14, &leaves, &done);
  done.take();
  EXPECT_EQ(leaves, 1 << 14);
}

TEST_F(scheduler, work_of_a_computing_goroutine_is_stolen_even_from_run_next) {
  max_procs(2);
  std::atomic<bool> ran{false};
  go([&] { ran = true; });
  while (!ran) {  // never yields: another worker has to come for it
  }
}

// Their worker switches all the time, and never has a crowd; another takes its share all the same.
TEST_F(scheduler, two_that_wait_while_a_third_runs_are_work_for_another_worker) {
  max_procs(2);
  std::atomic<bool> spread{false};
  gate done;
  for (int i = 0; i < 3; ++i)
    go([&] {
      for (const pid_t first = gettid(); !spread; yield())
        if (gettid() != first) spread = true;
      done.add();
    });
  done.take(3);
}

TEST_F(scheduler, workers_bear_names_that_perf_and_top_show) {
  max_procs(2);
  std::atomic<bool> ran{false};
  go([&] { ran = true; });
  while (!ran) {  // so that there are two workers
  }
  std::set<std::string> names;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "comm");
    for (std::string name; std::getline(file, name);) names.insert(name);
  }
  EXPECT_THAT(names, testing::Contains(testing::StartsWith("snag-worker-")));
}

TEST_F(scheduler, goroutines_run_in_parallel_up_to_max_procs) {
  max_procs(3);
  std::atomic<int> arrived{0};
  gate done;
  for (int i = 0; i < 3; ++i)
    go([&] {
      ++arrived;
      while (arrived < 3) {  // only true parallelism ends this
      }
      done.add();
    });
  done.take(3);
}

TEST_F(scheduler, max_procs_changes_while_goroutines_run) {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> steps{0};
  gate done;
  for (int i = 0; i < 16; ++i)
    go([&] {
      while (!stop) {
        ++steps;
        yield();
      }
      done.add();
    });
  for (int n : {1, 4, 2, 8, 1, 3, 1, 2}) {
    EXPECT_GE(max_procs(n), 1);
    EXPECT_EQ(max_procs(0), n);
    const std::uint64_t before = steps;
    while (steps < before + 2000) yield();
  }
  stop = true;
  done.take(16);
}

// Two workers, both in blocking system calls; only a third goroutine can end those.
TEST_F(scheduler, workers_stuck_in_system_calls_are_replaced) {
  max_procs(2);
  int pipes[2][2];
  ASSERT_EQ(pipe(pipes[0]), 0);
  ASSERT_EQ(pipe(pipes[1]), 0);
  gate done;
  for (auto& p : pipes)
    go([&] {
      char c;
      EXPECT_EQ(read(p[0], &c, 1), 1);
      done.add();
    });
  for (int i = 0; i < 10; ++i) yield();
  go([&] {
    for (auto& p : pipes) EXPECT_EQ(write(p[1], "x", 1), 1);
    done.add();
  });
  done.take(3);
  for (auto& p : pipes) close(p[0]), close(p[1]);
}

TEST_F(scheduler, loops_without_operations_do_not_stop_the_others) {
  max_procs(2);
  std::atomic<bool> stop{false};
  gate done;
  for (int i = 0; i < 3; ++i)
    go([&] {
      while (!stop) {
      }
      done.add();
    });
  go([&] {
    stop = true;
    done.add();
  });
  done.take(4);
}

TEST_F(scheduler, a_goroutine_with_operations_but_no_waits_makes_room) {
  max_procs(1);
  std::atomic<bool> stop{false};
  go([&] { stop = true; });
  gate own;
  while (!stop) own.add(), own.take();  // never parks, never yields
}

TEST_F(scheduler, ready_from_many_foreign_threads) {
  constexpr int threads = 4, items = 5000;
  gate g, done;
  go([&] {
    g.take(threads * items);
    done.add();
  });
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      for (int k = 0; k < items; ++k) g.add();
    });
  done.take();
  for (auto& t : all) t.join();
}

TEST_F(scheduler, random_numbers_are_in_range_and_vary) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t r = detail::random_below(10);
    ASSERT_LT(r, 10u);
    seen.insert(r);
  }
  EXPECT_EQ(seen.size(), 10u);
  EXPECT_EQ(detail::random_below(1), 0u);
}

}  // namespace
}  // namespace snag
