// SPDX-License-Identifier: Apache-2.0
// A thread between its creation and its first instruction: whoever created it goes on meanwhile, and may do
// to it what can be done to a thread.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <semaphore>
#include <thread>

#include "runtime/events.h"
#include "snag/snag.h"

namespace snag::test {
namespace {

std::atomic<std::uint64_t> ran_as{0}, handled_as{0};
void* run(void* argument) {
  ran_as = goroutine_id();
  return argument;
}
void handle(int) { handled_as = goroutine_id(); }

// Holds threads back where they make themselves known.
class doorkeeper final : public events::observer {
 public:
  void on_started(events::actor& a, events::stack_bounds) override {
    if (a.kind != events::actor_kind::thread || !closed) return;
    arrived.release();
    opened.acquire();
    handled_at_the_door = handled_as != 0;
  }
  void on_joined(events::actor&, events::actor&) override { ++joined; }
  bool closed = false;
  std::counting_semaphore<> arrived{0}, opened{0};
  std::atomic<bool> handled_at_the_door{false};
  std::atomic<int> joined{0};
};
doorkeeper& door = []() -> doorkeeper& {
  static doorkeeper d;
  events::install(d);
  return d;
}();

class thread_beginning : public testing::Test {
 protected:
  thread_beginning() {
    ran_as = handled_as = 0;
    door.joined = 0;
    door.closed = true;
  }
  ~thread_beginning() override { door.closed = false; }
  pthread_t create(pthread_attr_t* attributes = nullptr, void* (*routine)(void*) = run) {
    pthread_t id{};
    EXPECT_EQ(pthread_create(&id, attributes, routine, &value_), 0);
    return id;
  }
  void let_in() { door.opened.release(); }
  int value_ = 0;
};

TEST_F(thread_beginning, is_not_waited_for) {
  const pthread_t id = create();
  door.arrived.acquire();
  EXPECT_EQ(ran_as, 0u);
  let_in();
  void* result = nullptr;
  EXPECT_EQ(pthread_join(id, &result), 0);
  EXPECT_EQ(result, &value_);
  EXPECT_NE(ran_as, 0u);
}

// (A goroutine that joins lets others run.)
TEST_F(thread_beginning, can_be_joined_before) {
  const pthread_t id = create();
  go([&] { let_in(); });
  void* result = nullptr;
  EXPECT_EQ(pthread_join(id, &result), 0);
  EXPECT_EQ(result, &value_);
  EXPECT_EQ(door.joined, 1);
  door.arrived.acquire();
}

TEST_F(thread_beginning, can_be_joined_without_waiting_before) {
  const pthread_t id = create();
  void* result = nullptr;
  EXPECT_EQ(pthread_tryjoin_np(id, &result), EBUSY);
  let_in();
  EXPECT_EQ(pthread_join(id, &result), 0);
  door.arrived.acquire();
}

TEST_F(thread_beginning, can_be_detached_before) {
  static std::binary_semaphore over{0};
  const pthread_t id = create(nullptr, [](void*) -> void* {
    over.release();
    return nullptr;
  });
  EXPECT_EQ(pthread_detach(id), 0);
  let_in();
  over.acquire();
  door.arrived.acquire();
}

TEST_F(thread_beginning, may_be_over_when_its_creator_comes_to_list_it) {
  door.closed = false;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  static std::counting_semaphore<> over{0};
  constexpr int threads = 200;
  for (int i = 0; i < threads; ++i)
    create(&attributes, [](void*) -> void* {
      over.release();
      return nullptr;
    });
  for (int i = 0; i < threads; ++i) over.acquire();
  pthread_attr_destroy(&attributes);
}

TEST_F(thread_beginning, lets_signals_through_afterwards) {
  struct sigaction before{}, ours{};
  ours.sa_handler = handle;
  sigaction(SIGUSR1, &ours, &before);
  const pthread_t id = create();
  door.arrived.acquire();
  EXPECT_EQ(pthread_kill(id, SIGUSR1), 0);
  let_in();
  EXPECT_EQ(pthread_join(id, nullptr), 0);
  EXPECT_NE(handled_as, 0u);
  EXPECT_EQ(handled_as, ran_as);
  EXPECT_FALSE(door.handled_at_the_door);
  sigaction(SIGUSR1, &before, nullptr);
}

sigset_t mask_of_thread;
void* note_mask(void*) {
  pthread_sigmask(SIG_SETMASK, nullptr, &mask_of_thread);
  return nullptr;
}

// (On a thread: a goroutine may come back from a join on another one.)
TEST_F(thread_beginning, leaves_the_signal_masks_of_both_as_they_were) {
  door.closed = false;
  std::thread([&] {
    sigset_t mine, after;
    sigemptyset(&mine);
    sigaddset(&mine, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &mine, nullptr);
    pthread_join(create(nullptr, note_mask), nullptr);
    EXPECT_EQ(sigismember(&mask_of_thread, SIGUSR2), 1);
    EXPECT_EQ(sigismember(&mask_of_thread, SIGUSR1), 0);
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    EXPECT_EQ(sigismember(&after, SIGUSR2), 1);
    EXPECT_EQ(sigismember(&after, SIGUSR1), 0);
  }).join();

  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  sigset_t its;
  sigemptyset(&its);
  sigaddset(&its, SIGUSR1);
  pthread_attr_setsigmask_np(&attributes, &its);
  pthread_join(create(&attributes, note_mask), nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_EQ(sigismember(&mask_of_thread, SIGUSR1), 1);
  EXPECT_EQ(sigismember(&mask_of_thread, SIGUSR2), 0);
}

// A cancellation that its creator sends is not one that came before it was made.
TEST_F(thread_beginning, is_awaited_by_a_cancellation) {
  const pthread_t id = create(nullptr, [](void*) -> void* {
    for (;;) pthread_testcancel();
  });
  door.arrived.acquire();
  pthread_t helper{};
  door.closed = false;
  static std::atomic<bool> cancelling{false};
  ASSERT_EQ(pthread_create(
                &helper, nullptr,
                [](void* whom) -> void* {
                  cancelling = true;
                  pthread_cancel(*static_cast<pthread_t*>(whom));
                  cancelling = false;
                  return nullptr;
                },
                const_cast<pthread_t*>(&id)),
            0);
  while (!cancelling) yield();
  EXPECT_TRUE(cancelling);
  let_in();
  void* result = nullptr;
  EXPECT_EQ(pthread_join(helper, nullptr), 0);
  EXPECT_EQ(pthread_join(id, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
}

}  // namespace
}  // namespace snag::test
