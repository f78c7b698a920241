// SPDX-License-Identifier: Apache-2.0
// Go, sync.RWMutex; rules RW-001 to RW-012.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "snag/shared_mutex.h"
#include "tests/conformance/processes.h"
#include "tests/conformance/waiting.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using events::wait_reason;
using testing::ElementsAre;
using testing::HasSubstr;

constinit shared_mutex zero;

TEST(rwmutex, RW_001_many_readers_or_one_writer_and_the_zero_value_is_unlocked) {
  on_every_schedule([] {
    ASSERT_TRUE(zero.try_lock());
    EXPECT_FALSE(zero.try_lock());
    EXPECT_FALSE(zero.try_lock_shared());
    zero.unlock();
    ASSERT_TRUE(zero.try_lock_shared());
    ASSERT_TRUE(zero.try_lock_shared());
    EXPECT_FALSE(zero.try_lock());
    zero.unlock_shared();
    EXPECT_FALSE(zero.try_lock()) << "one reader is left";
    zero.unlock_shared();
    ASSERT_TRUE(zero.try_lock());
    zero.unlock();
  });
}

TEST(rwmutex, RW_002_a_waiting_writer_keeps_new_readers_out) {
  on_every_schedule([] {
    shared_mutex m;
    std::vector<std::string> order;
    wait_group all;
    m.lock_shared();
    all.go([&] {
      const std::lock_guard guard(m);
      order.push_back("writer");
    });
    until_waiting(wait_reason::shared_mutex_lock);
    EXPECT_FALSE(m.try_lock_shared());
    all.go([&] {
      const std::shared_lock guard(m);
      order.push_back("reader");
    });
    until_waiting(wait_reason::shared_mutex_rlock);
    EXPECT_THAT(order, ElementsAre());
    m.unlock_shared();
    all.wait();
    EXPECT_THAT(order, ElementsAre("writer", "reader"));
  });
}

TEST(rwmutex, RW_002_so_reading_twice_may_deadlock) {
  const outcome o = run("deadlock_read_twice");
  EXPECT_THAT(o.err, HasSubstr("[sync.RWMutex.RLock]:\n"));
  EXPECT_THAT(o.err, HasSubstr("[sync.RWMutex.Lock]:\n"));
  expect_death("deadlock_read_twice", "fatal error: all goroutines are asleep - deadlock!");
}

TEST(rwmutex, RW_003_unlock_lets_in_all_waiting_readers_before_the_next_writer) {
  on_every_schedule([] {
    shared_mutex m;
    std::atomic<int> reading{0};
    bool written = false;
    chan<void> leave;
    wait_group all;
    m.lock();
    all.go([&] {  // comes first, and yet is the next to write only
      const std::lock_guard guard(m);
      EXPECT_EQ(reading, 0);
      written = true;
    });
    until_waiting(wait_reason::shared_mutex_lock);
    for (int i = 0; i < 3; ++i) {
      all.go([&] {
        const std::shared_lock guard(m);
        ++reading;
        leave.recv();
        --reading;
      });
    }
    until_waiting(wait_reason::shared_mutex_rlock, 3);
    m.unlock();
    until_waiting(wait_reason::chan_receive, 3);
    EXPECT_EQ(reading, 3);
    EXPECT_FALSE(written);
    for (int i = 0; i < 3; ++i) leave.send();
    all.wait();
    EXPECT_TRUE(written);
  });
}

TEST(rwmutex, RW_004_a_writer_waits_only_for_the_readers_that_were_there_when_it_came) {
  on_every_schedule([] {
    shared_mutex m;
    bool written = false;
    wait_group all;
    m.lock_shared();
    m.lock_shared();
    all.go([&] {
      const std::lock_guard guard(m);
      written = true;
    });
    until_waiting(wait_reason::shared_mutex_lock);
    for (int i = 0; i < 3; ++i) {
      all.go([&] {
        const std::shared_lock guard(m);
        EXPECT_TRUE(written) << "a later reader came first";
      });
    }
    until_waiting(wait_reason::shared_mutex_rlock, 3);
    m.unlock_shared();
    EXPECT_FALSE(written) << "a reader is still there";
    m.unlock_shared();
    all.wait();
  });
}

TEST(rwmutex, RW_005_runlock_of_what_is_unlocked_is_fatal) {
  expect_death("rw_runlock_unlocked", "fatal error: sync: RUnlock of unlocked RWMutex");
}

TEST(rwmutex, RW_006_unlock_of_what_is_not_locked_for_writing_is_fatal) {
  for (const char* scenario : {"rw_unlock_unlocked", "rw_unlock_read"})
    expect_death(scenario, "fatal error: sync: Unlock of unlocked RWMutex");
}

TEST(rwmutex, RW_007_trying_never_blocks) {
  on_every_schedule([] {
    shared_mutex m;
    m.lock();
    wait_group other;
    other.go([&] {
      EXPECT_FALSE(m.try_lock());
      EXPECT_FALSE(m.try_lock_shared());
    });
    other.wait();
    m.unlock();
    m.lock_shared();
    other.go([&] {
      EXPECT_FALSE(m.try_lock());
      ASSERT_TRUE(m.try_lock_shared());
      m.unlock_shared();
    });
    other.wait();
    m.unlock_shared();
  });
}

TEST(rwmutex, RW_008_a_shared_lock_is_a_locker_over_the_read_side) {
  on_every_schedule([] {
    shared_mutex m;
    std::shared_lock reader(m, std::defer_lock);
    reader.lock();
    EXPECT_FALSE(m.try_lock());
    EXPECT_TRUE(m.try_lock_shared());
    m.unlock_shared();
    reader.unlock();
    EXPECT_TRUE(m.try_lock());
    EXPECT_FALSE(reader.try_lock());
    m.unlock();
  });
}

TEST(rwmutex, RW_009_a_million_readers_are_counted) {
  constexpr int n = 1 << 20;  // Go allows 2^30; here the count has 61 bits
  shared_mutex m;
  for (int i = 0; i < n; ++i) ASSERT_TRUE(m.try_lock_shared());
  EXPECT_FALSE(m.try_lock());
  for (int i = 1; i < n; ++i) m.unlock_shared();
  EXPECT_FALSE(m.try_lock());
  m.unlock_shared();
  ASSERT_TRUE(m.try_lock());
  m.unlock();
}

// Go's TestParallelReaders.
TEST(rwmutex, RW_010_readers_read_together) {
  on_every_schedule([] {
    shared_mutex m;
    chan<void> inside, leave;
    wait_group all;
    for (int i = 0; i < 5; ++i) {
      all.go([&] {
        const std::shared_lock guard(m);
        inside.send();
        leave.recv();
      });
    }
    for (int i = 0; i < 5; ++i) inside.recv();
    for (int i = 0; i < 5; ++i) leave.send();
    all.wait();
  });
}

// Go's HammerRWMutex.
TEST(rwmutex, RW_011_hammered_there_is_one_writer_or_only_readers) {
  on_every_schedule([] {
    shared_mutex m;
    std::atomic<int> activity{0};
    wait_group all;
    for (int i = 0; i < 8; ++i) {
      all.go([&, i] {
        for (int k = 0; k < 30; ++k) {
          if (i % 4 == 0) {
            const std::lock_guard guard(m);
            EXPECT_EQ(activity += 10'000, 10'000);
            if (k % 3 == 0) yield();
            activity -= 10'000;
          } else {
            const std::shared_lock guard(m);
            const int seen = ++activity;
            EXPECT_TRUE(seen >= 1 && seen < 10'000) << seen;
            if (k % 3 == 0) yield();
            --activity;
          }
        }
      });
    }
    all.wait();
    EXPECT_EQ(activity, 0);
  });
}

TEST(rwmutex, RW_012_the_guards_of_the_standard_library_work) {
  on_every_schedule([] {
    shared_mutex a, b;
    {
      const std::shared_lock one(a);
      const std::shared_lock two(a);
      EXPECT_FALSE(a.try_lock());
    }
    {
      const std::scoped_lock both(a, b);
      EXPECT_FALSE(a.try_lock_shared());
      EXPECT_FALSE(b.try_lock_shared());
    }
    const std::unique_lock writer(a, std::try_to_lock);
    EXPECT_TRUE(writer.owns_lock());
  });
}

}  // namespace
}  // namespace snag::test
