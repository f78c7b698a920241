// SPDX-License-Identifier: Apache-2.0
// Workers that are stuck, in a loop or in a system call that nobody announced, do not stop the others: each
// test would hang if they did. On one worker and on two.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <vector>

#include "snag/asio.h"
#include "snag/snag.h"
#include "tests/runtime/thread_count.h"

namespace snag {
namespace {

using std::chrono::milliseconds;
using test::thread_count;

struct handoff : testing::TestWithParam<int> {
  handoff() { max_procs(GetParam()); }
  ~handoff() override { max_procs(procs_); }
  const int procs_ = max_procs(0);

  // As many goroutines as there are workers, all stuck until `stop`.
  void spin_everywhere(std::atomic<bool>& stop, wait_group& done) {
    std::atomic<int> spinning{0};
    for (int i = 0; i < GetParam(); ++i)
      done.go([&] {
        ++spinning;
        while (!stop) {
        }
      });
    while (spinning < GetParam()) yield();
  }
};
INSTANTIATE_TEST_SUITE_P(workers, handoff, testing::Values(1, 2));

TEST_P(handoff, from_spin_loops) {
  std::atomic<bool> stop{false};
  wait_group done;
  spin_everywhere(stop, done);  // main gets on only because somebody took over
  done.go([&] { stop = true; });
  done.wait();
}

TEST_P(handoff, from_read) {
  const int n = GetParam();
  std::vector<int> fds;
  wait_group done;
  for (int i = 0; i < n; ++i) {
    int p[2];
    ASSERT_EQ(pipe2(p, O_CLOEXEC), 0);
    fds.insert(fds.end(), p, p + 2);
    done.go([fd = p[0]] {
      char c;
      EXPECT_EQ(read(fd, &c, 1), 1);
    });
  }
  for (int i = 0; i < 3; ++i) yield();
  done.go([&] {
    for (std::size_t i = 1; i < fds.size(); i += 2) EXPECT_EQ(write(fds[i], "x", 1), 1);
  });
  done.wait();
  for (const int fd : fds) close(fd);
}

TEST_P(handoff, from_sleep) {
  std::atomic<bool> ran{false}, ran_meanwhile{false};
  std::atomic<int> left{GetParam()};
  wait_group done;
  for (int i = 0; i < GetParam(); ++i)
    done.go([&] {
      sleep(2);
      if (ran) ran_meanwhile = true;
      --left;
    });
  for (int i = 0; i < 3; ++i) yield();
  done.go([&] { ran = true; });
  done.wait();
  EXPECT_TRUE(ran_meanwhile) << "nobody ran during two seconds";
}

TEST_P(handoff, when_timers_are_due) {
  std::atomic<bool> stop{false};
  wait_group done;
  timer t = after_func(milliseconds(30), [&] { stop = true; });
  spin_everywhere(stop, done);
  done.wait();
}

TEST_P(handoff, when_a_sleeper_is_due) {
  std::atomic<bool> stop{false};
  wait_group done;
  done.go([&] {
    sleep_for(milliseconds(30));
    stop = true;
  });
  spin_everywhere(stop, done);
  done.wait();
}

// Main alone, which has never started a goroutine, and a timer that has to.
TEST_P(handoff, when_main_spins_and_a_timer_is_due) {
  std::atomic<bool> stop{false};
  timer t = after_func(milliseconds(1), [&] { stop = true; });
  while (!stop) {
  }
}

TEST_P(handoff, when_input_arrives) {
  using local = boost::asio::local::stream_protocol;
  local::socket a(io_context()), b(io_context());
  boost::asio::local::connect_pair(a, b);
  std::atomic<bool> stop{false};
  wait_group done;
  done.go([&] {
    char c;
    EXPECT_EQ(a.async_read_some(boost::asio::buffer(&c, 1), use_goroutine), 1u);
    stop = true;
  });
  spin_everywhere(stop, done);
  boost::asio::post(io_context(), [&] { b.write_some(boost::asio::buffer("x", 1)); });
  done.wait();
}

// Each spare that gets stuck as well is replaced in its turn.
TEST_P(handoff, of_many_that_are_stuck_at_once) {
  constexpr int n = 8;
  std::atomic<int> arrived{0};
  wait_group done;
  for (int i = 0; i < n; ++i)
    done.go([&] {
      ++arrived;
      while (arrived < n) usleep(1000);
    });
  done.wait();
}

TEST_P(handoff, is_taken_back_when_nobody_is_stuck) {
  const auto stick_many = [] {
    std::atomic<int> arrived{0};
    wait_group done;
    for (int i = 0; i < 8; ++i)
      done.go([&] {
        ++arrived;
        while (arrived < 8) usleep(1000);
      });
    done.wait();
  };
  stick_many();
  const std::size_t threads = thread_count();
  for (int round = 0; round < 5; ++round) stick_many();
  EXPECT_LE(thread_count(), threads + 2) << "spare threads are used again";

  // And only so many run goroutines as max_procs allows, once the spares have gone to rest.
  const auto run_at_once = [&] {
    std::atomic<int> running{0}, most{0};
    wait_group done;
    for (int i = 0; i < 16; ++i)
      done.go([&] {
        for (int k = 0; k < 20; ++k) {
          const int now = ++running;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          for (int spin = 0; spin < 1000; ++spin) __builtin_ia32_pause();
          --running;
          yield();
        }
      });
    done.wait();
    return most.load();
  };
  while (run_at_once() > GetParam()) sleep_for(milliseconds(10));
}

}  // namespace
}  // namespace snag
