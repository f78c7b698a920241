// SPDX-License-Identifier: Apache-2.0
// What Go's rules (tests/conformance/xsync_test.cpp) do not say about single_flight: exceptions, lifetimes,
// threads.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

TEST(single_flight, exceptions_reach_every_caller) {
  on_every_seed(50, [] {
    single_flight<int, int> flights;
    chan<void> release;
    int caught = 0;
    wait_group wg;
    for (int i = 0; i < 3; ++i) {
      wg.go([&] {
        try {
          (void)flights.call(1, [&]() -> int {
            release.recv();
            throw std::out_of_range("too far");
          });
        } catch (const std::out_of_range&) {
          ++caught;
        }
      });
    }
    let_others_block();
    release.send();
    wg.wait();
    EXPECT_EQ(caught, 3);
  });
}

TEST(single_flight, other_values_may_be_thrown_to_callers) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    EXPECT_THROW((void)flights.call(1, []() -> int { throw 42; }), int);
    EXPECT_EQ(flights.call(1, [] { return 1; }).value, 1);
  });
}

TEST(single_flight, goexit_leaves_a_channel_empty) {
  on_every_schedule([] {
    single_flight<int, int> flights;
    const auto answer = flights.call_chan(1, []() -> int { goexit(); });
    let_others_block();
    flight_result<int> got;
    EXPECT_EQ(answer.try_recv(got), chan_status::empty);
  });
}

TEST(single_flight, may_go_before_what_it_started) {
  on_every_schedule([] {
    chan<void> release;
    auto flights = std::make_unique<single_flight<std::string, std::string>>();
    const auto answer = flights->call_chan("key", [=, result = std::make_unique<std::string>("result")] {
      release.recv();
      return *result;
    });
    flights.reset();
    release.send();
    EXPECT_EQ(answer.next()->value, "result");
  });
}

TEST(single_flight, keeps_nothing) {
  on_every_schedule([] {
    auto result = std::make_shared<int>(1);
    single_flight<int, std::shared_ptr<int>> flights;
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] { EXPECT_EQ(flights.call(1, [&] { return yield(), result; }).value, result); });
      wg.go([&] { EXPECT_EQ(flights.call_chan(1, [=] { return result; }).next()->value, result); });
    }
    wg.wait();
    let_others_block();  // a goroutine of call_chan may still be about to drop its function
    while (num_goroutine() > 1) yield();
    EXPECT_EQ(result.use_count(), 1);
  });
}

// Moved as often as it says, then throws.
struct moves_so_often {
  int* left;
  explicit moves_so_often(int& moves) : left(&moves) {}
  moves_so_often(moves_so_often&& other) : left(other.left) {
    if ((*left)-- == 0) throw std::runtime_error("cannot be moved");
  }
  moves_so_often(const moves_so_often& other) : moves_so_often(moves_so_often(*other.left)) {}
  int operator()() const { return 1; }
};

TEST(single_flight, a_function_that_cannot_be_moved_leaves_its_key_free) {
  on_every_seed(5, [] {
    single_flight<int, int> flights;
    bool done = false;
    for (int moves = 0; !done; ++moves) {
      int left = moves;
      try {
        EXPECT_EQ(flights.call_chan(1, moves_so_often(left)).next()->value, 1);
        done = true;
      } catch (const std::runtime_error&) {
      }
      EXPECT_EQ(flights.call(1, [] { return 2; }).value, 2) << moves;
    }
  });
}

struct copied_so_often {
  static inline int left = 0;
  copied_so_often() = default;
  copied_so_often(copied_so_often&&) noexcept {}
  copied_so_often(const copied_so_often&) {
    if (left-- == 0) throw std::runtime_error("cannot be copied");
  }
};

TEST(single_flight, a_result_that_cannot_be_copied_is_an_error_for_that_listener) {
  simulate(schedule::random(1), [] {
    single_flight<int, copied_so_often> flights;
    chan<void> release;
    const auto first = flights.call_chan(1, [=] { return release.recv(), copied_so_often(); });
    const auto second = flights.call_chan(1, [] { return copied_so_often(); });
    let_others_block();
    copied_so_often::left = 0;
    release.send();
    EXPECT_STREQ(first.next()->err.what(), "cannot be copied");
    EXPECT_TRUE(second.next()->value.has_value());
  });
}

TEST(single_flight, threads_and_goroutines_share_it) {
  single_flight<int, int> flights;
  std::atomic<int> running[3]{}, runs{0};
  const auto use = [&] {
    for (int i = 0; i < 300; ++i) {
      const int key = i % 3;
      const auto got = flights.call(key, [&] {
        EXPECT_EQ(++running[key], 1);
        ++runs;
        yield();
        --running[key];
        return key * 10;
      });
      EXPECT_EQ(got.value, key * 10);
    }
  };
  wait_group wg;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(use);
  for (int i = 0; i < 4; ++i) wg.go(use);
  wg.wait();
  for (std::thread& t : threads) t.join();
  EXPECT_LE(runs, 6 * 300);
}

}  // namespace
}  // namespace snag::test
