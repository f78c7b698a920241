// SPDX-License-Identifier: Apache-2.0
// Calls that block their thread, and the goroutines that run meanwhile. Where a test has no time limit, what
// it shows is that it ends at all.
#include "snag/blocking.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/runtime/every_schedule.h"
#include "tests/runtime/thread_count.h"

namespace snag {
namespace {

using std::chrono::milliseconds;
using test::on_every_schedule;
using test::thread_count;

struct blocking_calls : testing::Test {
  ~blocking_calls() override { max_procs(procs_); }
  const int procs_ = max_procs(0);
};

struct pipe_pair {
  int ends[2];
  pipe_pair() { EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0); }
  ~pipe_pair() { close(ends[0]), close(ends[1]); }
  void read_one() {
    char c;
    EXPECT_EQ(read(ends[0], &c, 1), 1);
  }
  void write_one() { EXPECT_EQ(write(ends[1], "x", 1), 1); }
};

TEST_F(blocking_calls, give_their_result) {
  on_every_schedule([] {
    EXPECT_EQ(blocking([] { return 7; }), 7);
    EXPECT_EQ(*blocking([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(8)), 8);
    int x = 0;
    int& same = blocking([&]() -> int& { return x; });
    EXPECT_EQ(&same, &x);
    blocking([&] { x = 9; });
    EXPECT_EQ(x, 9);
  });
}

TEST_F(blocking_calls, pass_exceptions_on) {
  on_every_schedule(
      [] { EXPECT_THROW(blocking([] { throw std::runtime_error("no"); }), std::runtime_error); });
}

TEST_F(blocking_calls, stay_in_their_goroutine_and_on_their_thread) {
  on_every_schedule([] {
    const auto id = goroutine_id();
    pid_t inside = 0;
    blocking([&] {
      EXPECT_EQ(goroutine_id(), id);
      inside = gettid();
      errno = 77;
    });
    EXPECT_EQ(errno, 77);
    EXPECT_NE(inside, 0);
  });
}

TEST_F(blocking_calls, may_be_nested_and_may_park) {
  on_every_schedule([] {
    chan<int> c;
    wait_group done;
    for (int i = 0; i < 4; ++i)
      done.go([&] { EXPECT_EQ(blocking([&] { return blocking([&] { return c.recv(); }); }), 1); });
    for (int i = 0; i < 4; ++i) done.go([&] { blocking([&] { c.send(1); }); });
    done.wait();
  });
}

// One worker sits in read(2) until another goroutine writes.
TEST_F(blocking_calls, let_others_run_on_one_worker) {
  max_procs(1);
  for (int i = 0; i < 50; ++i) {
    pipe_pair p;
    wait_group done;
    done.go([&] { blocking([&] { p.read_one(); }); });
    done.go([&] { p.write_one(); });
    done.wait();
  }
}

TEST_F(blocking_calls, of_main_let_others_run) {
  max_procs(1);
  pipe_pair p;
  go([&] { p.write_one(); });
  blocking([&] { p.read_one(); });
}

TEST_F(blocking_calls, let_timers_fire_on_one_worker) {
  max_procs(1);
  pipe_pair p;
  timer t = after_func(milliseconds(1), [&] { p.write_one(); });
  blocking([&] { p.read_one(); });
}

TEST_F(blocking_calls, are_no_deadlock) {
  max_procs(1);
  chan<void> c;
  go([&] {
    blocking([] { usleep(20'000); });
    c.send();
  });
  c.recv();
}

// Ten thousand at once, on one worker: each is let through by the one before.
TEST_F(blocking_calls, wait_in_line_for_a_bounded_number_of_threads) {
  max_procs(1);
  const std::size_t before = thread_count();
  std::atomic<int> inside{0}, most{0}, ran{0};
  std::atomic<bool> others_ran{false};
  wait_group done;
  for (int i = 0; i < 10'000; ++i)
    done.go([&, i] {
      blocking([&] {
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        if (i % 64 == 0) usleep(100);
        --inside;
      });
      ++ran;
    });
  done.go([&] { others_ran = true; });
  done.wait();
  EXPECT_EQ(ran, 10'000);
  EXPECT_TRUE(others_ran);
  EXPECT_LE(most, 256);
  EXPECT_LE(thread_count(), before + 256 + 4);
}

// All places taken by calls that wait for each other's goroutines, not for a place.
TEST_F(blocking_calls, two_hundred_block_truly_at_once) {
  max_procs(1);
  constexpr int n = 200;
  pipe_pair p;
  wait_group done;
  std::atomic<int> inside{0};
  for (int i = 0; i < n; ++i)
    done.go([&] {
      blocking([&] {
        ++inside;
        p.read_one();
      });
    });
  while (inside < n) yield();
  for (int i = 0; i < n; ++i) p.write_one();
  done.wait();
}

// What a call costs that does not block: far below a microsecond (bench/blocking_bench); here only that the
// monitor and the workers' number are left alone.
TEST_F(blocking_calls, that_do_not_block_start_no_threads) {
  max_procs(1);
  blocking([] {});  // the monitor
  const std::size_t before = thread_count();
  for (int i = 0; i < 1000; ++i) blocking([] {});
  EXPECT_LE(thread_count(), before + 2) << "preempted in the middle now and then, perhaps";
}

TEST_F(blocking_calls, of_foreign_threads_are_plain_calls) {
  int x = 0;
  std::thread([&] { blocking([&] { x = 1; }); }).join();
  EXPECT_EQ(x, 1);
}

}  // namespace
}  // namespace snag
