// SPDX-License-Identifier: Apache-2.0
// shared_mutex: Go's rules for sync.RWMutex.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(shared_mutex, many_readers_or_one_writer) {
  on_every_schedule([] {
    shared_mutex m;
    std::atomic<int> state{0};  // readers, or -1
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 20; ++k) {
          if (i == 0 || (i == 1 && m.try_lock() ? true : false)) {
            if (i == 0) m.lock();
            EXPECT_EQ(state.exchange(-1), 0);
            yield();
            EXPECT_EQ(state.exchange(0), -1);
            m.unlock();
          } else if (i != 1 || m.try_lock_shared()) {
            if (i != 1) m.lock_shared();
            EXPECT_GE(state++, 0);
            yield();
            EXPECT_GT(state--, 0);
            m.unlock_shared();
          }
        }
      });
    }
    wg.wait();
  });
}

TEST(shared_mutex, readers_really_read_together) {
  on_every_schedule([] {
    shared_mutex m;
    chan<void> in, out;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        const std::shared_lock g(m);
        in.send();
        out.recv();
      });
    }
    for (int i = 0; i < 5; ++i) in.recv();  // all five are inside
    for (int i = 0; i < 5; ++i) out.send();
    wg.wait();
  });
}

TEST(shared_mutex, a_waiting_writer_keeps_new_readers_out) {
  on_every_seed(30, [] {
    shared_mutex m;
    std::vector<std::string> order;
    wait_group wg;
    m.lock_shared();
    wg.go([&] {
      m.lock();
      order.push_back("writer");
      m.unlock();
    });
    let_others_block();
    EXPECT_FALSE(m.try_lock_shared());
    EXPECT_FALSE(m.try_lock());
    wg.go([&] {
      m.lock_shared();
      order.push_back("reader");
      m.unlock_shared();
    });
    let_others_block();
    EXPECT_THAT(order, ElementsAre());
    m.unlock_shared();
    wg.wait();
    EXPECT_THAT(order, ElementsAre("writer", "reader"));
  });
}

TEST(shared_mutex, unlock_lets_all_waiting_readers_in_before_the_next_writer) {
  on_every_seed(30, [] {
    shared_mutex m;
    std::atomic<int> readers{0};
    bool second_writer = false;
    chan<void> release;
    wait_group wg;
    m.lock();
    wg.go([&] {
      m.lock();
      EXPECT_EQ(readers, 3);
      second_writer = true;
      m.unlock();
    });
    let_others_block();
    for (int i = 0; i < 3; ++i) {
      wg.go([&] {
        m.lock_shared();
        ++readers;
        release.recv();
        m.unlock_shared();
      });
    }
    let_others_block();
    m.unlock();
    let_others_block();
    EXPECT_EQ(readers, 3);
    EXPECT_FALSE(second_writer);
    for (int i = 0; i < 3; ++i) release.send();
    wg.wait();
    EXPECT_TRUE(second_writer);
  });
}

TEST(shared_mutex, misuse_is_fatal_in_the_words_of_go) {
  EXPECT_EXIT(simulate(schedule::random(1), [] { shared_mutex().unlock(); }), testing::ExitedWithCode(2),
              "fatal error: sync: Unlock of unlocked RWMutex");
  EXPECT_EXIT(simulate(schedule::random(1), [] { shared_mutex().unlock_shared(); }),
              testing::ExitedWithCode(2), "fatal error: sync: RUnlock of unlocked RWMutex");
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         shared_mutex m;
                         m.lock_shared();
                         m.lock();
                       }),
              testing::ExitedWithCode(2), "deadlock!(.|\n)*\\[sync.RWMutex.Lock\\]");
}

// One that is interrupted while it reads makes the others queue, once each. A lock that then hands itself
// from one to the next at every operation never lets any of them run on (the version that did: 117,000
// switches).
TEST(shared_mutex, goroutines_that_queued_once_do_not_go_on_in_single_file) {
  const int procs = max_procs(1);
  const std::uint64_t before = runtime_stats().switches;
  shared_mutex m;
  constexpr int goroutines = 8, operations = 20'000, interrupted_every = 1009;
  int writes = 0;
  wait_group wg;
  for (int g = 0; g < goroutines; ++g)
    wg.go([&, g] {
      for (int i = 0; i < operations; ++i) {
        if (i % 10 == 0) {
          const std::lock_guard lock(m);
          ++writes;
        } else {
          const std::shared_lock lock(m);
          if (i % interrupted_every == g) yield();
        }
      }
    });
  wg.wait();
  EXPECT_EQ(writes, goroutines * operations / 10);
  EXPECT_LT(runtime_stats().switches - before, 20'000u);
  max_procs(procs);
}

TEST(shared_mutex, hammered_by_real_threads) {
  on_real_threads(5, [] {
    shared_mutex m;
    long count = 0;
    wait_group wg;
    for (int i = 0; i < 20; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 500; ++k) {
          if (i % 4 == 0) {
            const std::lock_guard g(m);
            ++count;
          } else {
            const std::shared_lock g(m);
            EXPECT_GE(count, 0);
          }
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count, 5 * 500);
  });
}

}  // namespace
}  // namespace snag::test
