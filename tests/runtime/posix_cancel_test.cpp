// SPDX-License-Identifier: Apache-2.0
// pthread_cancel of threads that wait in the parking lot: for the C library they do not wait at all. Main,
// which joins them, is a goroutine; a cancellation that is lost ends these tests with "all goroutines are
// asleep".
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <thread>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

// A mutex that knows its holder, a condition, and threads that wait for it once.
class cancelled_wait : public testing::Test {
 protected:
  cancelled_wait() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~cancelled_wait() override {
    pthread_cond_destroy(&condition_);
    EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0);
  }

  // In a thread: waits once, for ever or until a deadline that will not come.
  void wait(bool timed = false) {
    pthread_mutex_lock(&mutex_);
    pthread_cleanup_push(unlock, this);
    ++waiting_;
    timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 3600;
    const int result = timed ? pthread_cond_timedwait(&condition_, &mutex_, &deadline)
                             : pthread_cond_wait(&condition_, &mutex_);
    EXPECT_EQ(result, 0);
    ++woken_;
    pthread_cleanup_pop(1);
  }
  // Whoever counted himself as waiting has let go of the mutex since, so he is in the queue.
  void await_waiting(int n) {
    for (bool all = false; !all; yield()) {
      pthread_mutex_lock(&mutex_);
      all = waiting_ == n;
      pthread_mutex_unlock(&mutex_);
    }
  }
  template <class F>
  static pthread_t start(F& f) {
    pthread_t id{};
    EXPECT_EQ(pthread_create(
                  &id, nullptr,
                  [](void* passed) -> void* {
                    (*static_cast<F*>(passed))();
                    return nullptr;
                  },
                  &f),
              0);
    return id;
  }
  // True: it was cancelled.
  static bool join(pthread_t id) {
    void* result = nullptr;
    EXPECT_EQ(pthread_join(id, &result), 0);
    return result == PTHREAD_CANCELED;
  }

  pthread_mutex_t mutex_;
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
  int waiting_ = 0, woken_ = 0, unlocked_ = 0;  // under mutex_

 private:
  static void unlock(void* self) {
    auto& f = *static_cast<cancelled_wait*>(self);
    ++f.unlocked_;
    EXPECT_EQ(pthread_mutex_unlock(&f.mutex_), 0);  // we hold it
  }
};

TEST_F(cancelled_wait, ends_with_the_mutex_held) {
  on_real_threads(100, [&] {
    waiting_ = woken_ = unlocked_ = 0;
    auto work = [&] { wait(); };
    const pthread_t id = start(work);
    await_waiting(1);
    EXPECT_EQ(pthread_cancel(id), 0);
    EXPECT_TRUE(join(id));
    EXPECT_EQ(woken_, 0);
    EXPECT_EQ(unlocked_, 1);
  });
}

TEST_F(cancelled_wait, ends_long_before_its_deadline) {
  on_real_threads(100, [&] {
    waiting_ = woken_ = unlocked_ = 0;
    auto work = [&] { wait(true); };
    const pthread_t id = start(work);
    await_waiting(1);
    pthread_cancel(id);
    EXPECT_TRUE(join(id));
    EXPECT_EQ(unlocked_, 1);
  });
}

TEST_F(cancelled_wait, does_not_begin_if_the_cancellation_came_first) {
  std::atomic<bool> cancelled{false};
  auto work = [&] {
    while (!cancelled) std::this_thread::yield();
    wait();
  };
  const pthread_t id = start(work);
  pthread_cancel(id);
  cancelled = true;
  EXPECT_TRUE(join(id));
  EXPECT_EQ(waiting_, 1);
  EXPECT_EQ(woken_, 0);
  EXPECT_EQ(unlocked_, 1);
}

TEST_F(cancelled_wait, is_met_at_any_moment) {
  on_real_threads(300, [&] {
    auto work = [&] { wait(); };
    const pthread_t id = start(work);
    pthread_cancel(id);
    EXPECT_TRUE(join(id));
    EXPECT_EQ(woken_, 0);
  });
}

TEST_F(cancelled_wait, goes_on_while_cancellation_is_disabled) {
  on_real_threads(100, [&] {
    waiting_ = woken_ = unlocked_ = 0;
    auto work = [&] {
      pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
      wait();
      pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
      pthread_testcancel();
      ADD_FAILURE() << "the cancellation was lost";
    };
    const pthread_t id = start(work);
    await_waiting(1);
    pthread_cancel(id);
    pthread_mutex_lock(&mutex_);
    EXPECT_EQ(woken_, 0);
    pthread_mutex_unlock(&mutex_);
    pthread_cond_signal(&condition_);
    EXPECT_TRUE(join(id));
    EXPECT_EQ(woken_, 1);
  });
}

TEST_F(cancelled_wait, of_an_asynchronous_thread_holds_the_mutex_too) {
  on_real_threads(100, [&] {
    waiting_ = woken_ = unlocked_ = 0;
    auto work = [&] {
      pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
      wait();
    };
    const pthread_t cancelled = start(work);
    await_waiting(1);
    pthread_cancel(cancelled);
    EXPECT_TRUE(join(cancelled));
    EXPECT_EQ(unlocked_, 1);
    auto back = [&] {
      pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
      wait();
      int type = 0;
      pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
      EXPECT_EQ(type, PTHREAD_CANCEL_ASYNCHRONOUS);
    };
    const pthread_t woken = start(back);
    await_waiting(2);
    pthread_cond_signal(&condition_);
    EXPECT_FALSE(join(woken));
  });
}

TEST_F(cancelled_wait, loses_no_signal) {
  on_real_threads(100, [&] {
    waiting_ = woken_ = unlocked_ = 0;
    auto work = [&] { wait(); };
    const pthread_t first = start(work);
    await_waiting(1);
    const pthread_t second = start(work);
    await_waiting(2);
    std::thread signals([&] { pthread_cond_signal(&condition_); });
    pthread_cancel(first);
    signals.join();
    // The signal was for the first, unless that one was cancelled before: then it was for the second.
    if (!join(first)) pthread_cond_signal(&condition_);
    EXPECT_FALSE(join(second));
  });
}

}  // namespace
}  // namespace snag::test
