// SPDX-License-Identifier: Apache-2.0
// The standard library's threads, locks and conditions under goroutines: they park instead of blocking a
// worker, which the sequential scheduler shows best (it has one), and observers learn what orders what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/runtime/bounded_queue.h"
#include "tests/runtime/every_schedule.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsSupersetOf;

TEST(posix_mutex, parks_a_goroutine_while_its_holder_is_parked) {
  on_every_schedule([] {
    std::mutex m;
    int inside = 0, count = 0;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        for (int k = 0; k < 10; ++k) {
          const std::lock_guard lock(m);
          EXPECT_EQ(++inside, 1);
          if (k % 3 == 0) sleep_for(1us);
          ++count;
          --inside;
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count, 50);
  });
}

// Of those who wait one competes at a time: when it has looked in vain, or its time is up, others may.
TEST(posix_mutex, who_competes_in_vain_keeps_nobody_asleep) {
  on_every_schedule([] {
    std::timed_mutex m;
    int taken = 0, given_up = 0;
    wait_group wg;
    for (int i = 0; i < 3; ++i) {
      wg.go([&] {
        for (int k = 0; k < 20; ++k) {
          const std::lock_guard lock(m);
          if (k % 4 == 0) sleep_for(3us);
          ++taken;
        }
      });
      wg.go([&, i] {
        for (int k = 0; k < 20; ++k) {
          if (m.try_lock_for(std::chrono::microseconds(k % 3 + i))) {
            yield();
            ++taken;
            m.unlock();
          } else {
            const std::lock_guard lock(m);
            ++given_up;
          }
        }
      });
    }
    wg.wait();
    EXPECT_EQ(taken + given_up, 6 * 20);
  });
}

TEST(posix_mutex, is_shared_between_goroutines_and_threads) {
  on_real_threads(5, [] {
    std::mutex m;
    long count = 0;
    wait_group wg;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      auto work = [&] {
        for (int k = 0; k < 2000; ++k) {
          const std::lock_guard lock(m);
          ++count;
        }
      };
      wg.go(work);
      threads.emplace_back(work);
    }
    wg.wait();
    for (auto& t : threads) t.join();
    EXPECT_EQ(count, 8 * 2000);
  });
}

TEST(posix_mutex, a_deadlock_of_goroutines_is_seen) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         std::mutex m;
                         m.lock();
                         wait_group wg;
                         wg.go([&] { m.lock(); });
                         wg.wait();
                       }),
              testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!(.|\n)*\\[sync.Mutex.Lock");
}

TEST(posix_mutex, a_timed_one_times_out) {
  on_every_schedule(
      [] {
        std::timed_mutex m;
        m.lock();
        wait_group wg;
        wg.go([&] {
          EXPECT_FALSE(m.try_lock_for(1ms));
          EXPECT_FALSE(m.try_lock());
        });
        wg.wait();
        m.unlock();
      },
      5, 2);
}

TEST(posix_mutex, a_recursive_one_belongs_to_the_goroutine) {
  on_every_schedule(
      [] {
        std::recursive_mutex m;
        int inside = 0, count = 0;
        wait_group wg;
        for (int i = 0; i < 5; ++i) {
          wg.go([&] {
            for (int k = 0; k < 10; ++k) {
              const std::lock_guard outer(m);
              EXPECT_EQ(++inside, 1);
              yield();  // perhaps to another thread
              {
                const std::lock_guard inner(m);
                sleep_for(1us);
                EXPECT_TRUE(m.try_lock());
                m.unlock();
              }
              yield();
              ++count;
              --inside;
            }
          });
        }
        wg.wait();
        EXPECT_EQ(count, 50);
        std::thread([&] {  // and it is free again, for threads too
          EXPECT_TRUE(m.try_lock());
          m.unlock();
        })
            .join();
      },
      20, 20);
}

TEST(posix_mutex, an_error_checking_one_knows_the_goroutine) {
  on_every_schedule(
      [] {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
        pthread_mutex_t m;
        pthread_mutex_init(&m, &attributes);
        EXPECT_EQ(pthread_mutex_unlock(&m), EPERM);
        EXPECT_EQ(pthread_mutex_lock(&m), 0);
        EXPECT_EQ(pthread_mutex_lock(&m), EDEADLK);
        EXPECT_EQ(pthread_mutex_trylock(&m), EBUSY);
        wait_group wg;
        wg.go([&] {
          EXPECT_EQ(pthread_mutex_unlock(&m), EPERM);
          EXPECT_EQ(pthread_mutex_trylock(&m), EBUSY);
        });
        wg.wait();
        EXPECT_EQ(pthread_mutex_unlock(&m), 0);
        pthread_mutex_destroy(&m);
        pthread_mutexattr_destroy(&attributes);
      },
      10, 10);
}

TEST(posix_condition, hands_over_between_goroutines) {
  on_every_schedule(pass_through_a_bounded_queue<std::mutex, std::condition_variable>);
}

TEST(posix_condition, wakes_goroutines_and_threads_alike) {
  on_real_threads(20, [] {
    std::mutex m;
    std::condition_variable c;
    int waiting = 0, woken = 0;
    bool open = false;
    wait_group wg;
    std::vector<std::thread> threads;
    auto work = [&] {
      std::unique_lock lock(m);
      ++waiting;
      c.wait(lock, [&] { return open; });
      ++woken;
    };
    for (int i = 0; i < 3; ++i) {
      wg.go(work);
      threads.emplace_back(work);
    }
    for (bool all = false; !all; yield()) {
      const std::lock_guard lock(m);
      all = waiting == 6;
    }
    {
      const std::lock_guard lock(m);
      open = true;
    }
    c.notify_all();
    wg.wait();
    for (auto& t : threads) t.join();
    EXPECT_EQ(woken, 6);
  });
}

TEST(posix_condition, times_out) {
  on_real_threads(3, [] {
    wait_group wg;
    wg.go([] {
      std::mutex m;
      std::condition_variable c;
      std::unique_lock lock(m);
      EXPECT_EQ(c.wait_for(lock, 2ms), std::cv_status::timeout);
      EXPECT_FALSE(c.wait_for(lock, 2ms, [] { return false; }));
    });
    wg.wait();
  });
}

TEST(posix_rwlock, admits_readers_together) {
  on_every_schedule([] {
    std::shared_mutex m;
    int value = 0;
    std::atomic<int> readers{0};
    wait_group wg;
    for (int i = 0; i < 6; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 10; ++k) {
          if (i < 2) {
            const std::lock_guard lock(m);
            EXPECT_EQ(readers, 0);
            ++value;
            yield();
          } else {
            const std::shared_lock lock(m);
            ++readers;
            yield();
            --readers;
          }
        }
      });
    }
    wg.wait();
    EXPECT_EQ(value, 20);
  });
}

TEST(posix_once, waits_for_a_routine_that_parks) {
  on_every_schedule([] {
    auto flag = std::make_unique<std::once_flag>();
    std::atomic<int> runs{0};
    bool finished = false;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        std::call_once(*flag, [&] {
          ++runs;
          sleep_for(1us);
          finished = true;
        });
        EXPECT_TRUE(finished);
      });
    }
    wg.wait();
    EXPECT_EQ(runs, 1);
  });
}

TEST(posix_once, a_routine_that_throws_does_not_count) {
  on_every_schedule([] {
    auto flag = std::make_unique<std::once_flag>();
    std::atomic<int> runs{0}, thrown{0};
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&] {
        try {
          std::call_once(*flag, [&] {
            yield();
            if (++runs < 3) throw std::runtime_error("not yet");
          });
        } catch (const std::runtime_error&) {
          ++thrown;
        }
      });
    }
    wg.wait();
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(thrown, 2);
  });
}

TEST(posix_semaphore, counts_for_goroutines) {
  on_every_schedule([] {
    sem_t slots;
    sem_init(&slots, 0, 2);
    std::atomic<int> inside{0};
    wait_group wg;
    for (int i = 0; i < 6; ++i) {
      wg.go([&] {
        sem_wait(&slots);
        EXPECT_LE(++inside, 2);
        sleep_for(1us);
        --inside;
        sem_post(&slots);
      });
    }
    wg.wait();
    sem_destroy(&slots);
  });
}

TEST(posix_thread, is_joined_without_blocking_the_worker) {
  on_every_schedule(
      [] {
        wait_group wg;
        std::atomic<int> sum{0};
        for (int i = 0; i < 3; ++i) {
          wg.go([&, i] {
            std::thread t([&] { sum += i; });
            t.join();
          });
        }
        wg.wait();
        EXPECT_EQ(sum, 3);
        EXPECT_EQ(std::async(std::launch::async, [] { return 42; }).get(), 42);
      },
      10, 10);
}

TEST(posix_thread, uses_channels_as_a_goroutine_does) {
  on_real_threads(10, [] {
    chan<int> c;
    std::thread t([=] {
      for (int i = 0; i < 100; ++i) c << i;
      c.close();
    });
    long sum = 0;
    for (int v : c) sum += v;
    EXPECT_EQ(sum, 4950);
    t.join();
  });
}

// --- Events

const std::vector<std::string> order_events = {"acquired", "released", "merged", "owned",
                                               "disowned", "joined",   "created"};

TEST(posix_events, a_mutex_orders_its_holders) {
  std::mutex m;
  events_seen.start(order_events);
  m.lock();
  m.unlock();
  EXPECT_TRUE(m.try_lock());
  m.unlock();
  EXPECT_THAT(events_seen.stop(),
              ElementsAre("acquired g1 pmx1 0", "owned g1 pmx1 exclusive", "disowned g1 pmx1 exclusive",
                          "released g1 pmx1 0", "acquired g1 pmx1 0", "owned g1 pmx1 exclusive tried",
                          "disowned g1 pmx1 exclusive", "released g1 pmx1 0"));
}

TEST(posix_events, nested_locking_is_no_event) {
  std::recursive_mutex m;
  const auto twice = [&] {
    const std::lock_guard outer(m);
    const std::lock_guard inner(m);
  };
  events_seen.start({"acquired", "released", "owned", "disowned"});
  twice();
  std::thread(twice).join();
  EXPECT_THAT(events_seen.stop(),
              ElementsAre("acquired g1 pmx1 0", "owned g1 pmx1 exclusive", "disowned g1 pmx1 exclusive",
                          "released g1 pmx1 0", "acquired g2 pmx1 0", "owned g2 pmx1 exclusive",
                          "disowned g2 pmx1 exclusive", "released g2 pmx1 0"));
}

TEST(posix_events, readers_do_not_order_each_other) {
  std::shared_mutex m;
  events_seen.start({"acquired", "released", "merged"});
  m.lock_shared();
  m.unlock_shared();
  m.lock();
  m.unlock();
  EXPECT_THAT(events_seen.stop(), ElementsAre("acquired g1 prw1 0", "merged g1 prw1 1", "acquired g1 prw1 0",
                                              "acquired g1 prw1 1", "released g1 prw1 0"));
}

TEST(posix_events, a_thread_is_created_and_joined) {
  events_seen.start({"created", "joined"});
  std::thread t([] {});
  t.join();
  EXPECT_THAT(events_seen.stop(), ElementsAre("created g2 g1", "joined g1 g2"));
}

TEST(posix_events, once_is_released_by_its_routine_and_acquired_by_every_call) {
  std::once_flag flag;
  events_seen.start({"acquired", "released", "merged"});
  std::call_once(flag, [] {});
  std::call_once(flag, [] {});
  EXPECT_THAT(events_seen.stop(), ElementsAre("acquired g1 ponce1 0", "merged g1 ponce1 0",
                                              "acquired g1 ponce1 0", "acquired g1 ponce1 0"));
}

TEST(posix_events, a_contended_mutex_tells_who_waits) {
  std::vector<std::string> lines;
  simulate(schedule::random(1), [&] {
    std::mutex m;
    wait_group wg;
    m.lock();
    events_seen.start({"blocked", "unblocked", "owned", "disowned"});
    wg.go([&] { const std::lock_guard lock(m); });
    let_others_block();
    m.unlock();
    wg.wait();
    lines = events_seen.stop();
  });
  EXPECT_THAT(lines, IsSupersetOf({"blocked g2 8 all pmx1:lock", "disowned g1 pmx1 exclusive",
                                   "unblocked g2 g1", "owned g2 pmx1 exclusive"}));
}

}  // namespace
}  // namespace snag::test
