// SPDX-License-Identifier: Apache-2.0
// A thread is itself until the destructors of its pthread keys' values are over: they act in its name, and
// whoever joins it comes after them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>
#include <thread>

#include "snag/snag.h"
#include "tests/runtime/every_schedule.h"
#include "tests/runtime/gate.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using testing::ElementsAre;

// A key whose values are functions to call at the thread's end; a function may set itself again.
class thread_end : public testing::Test {
 protected:
  thread_end() {
    pthread_key_create(&key_, [](void* f) { (*static_cast<std::function<void()>*>(f))(); });
  }
  ~thread_end() override { pthread_key_delete(key_); }
  void at_end(std::function<void()>& f) { pthread_setspecific(key_, &f); }

 private:
  pthread_key_t key_;
};

const std::vector<std::string> kinds = {"created", "owned", "disowned", "ended", "joined"};

TEST_F(thread_end, comes_after_the_destructors_of_keys) {
  std::mutex m;
  std::function<void()> lock = [&] { const std::lock_guard guard(m); };
  events_seen.start(kinds);
  std::thread([&] { at_end(lock); }).join();
  EXPECT_THAT(events_seen.stop(), ElementsAre("created g2 g1", "owned g2 pmx1 exclusive",
                                              "disowned g2 pmx1 exclusive", "ended g2", "joined g1 g2"));
}

TEST_F(thread_end, comes_after_destructors_that_set_their_value_again) {
  int rounds = 0;
  std::vector<std::uint64_t> ids;
  std::function<void()> again = [&] {
    ids.push_back(goroutine_id());
    if (++rounds < 3) at_end(again);
  };
  std::uint64_t id = 0;
  std::thread([&] {
    id = goroutine_id();
    at_end(again);
  }).join();
  EXPECT_THAT(ids, ElementsAre(id, id, id));
}

TEST_F(thread_end, is_the_same_after_pthread_exit_and_cancellation) {
  for (const bool cancelled : {false, true}) {
    std::uint64_t id = 0, id_at_end = 0;
    std::function<void()> note = [&] { id_at_end = goroutine_id(); };
    std::function<void()> work = [&] {
      id = goroutine_id();
      at_end(note);
      if (!cancelled) pthread_exit(nullptr);
      pthread_cancel(pthread_self());
      pthread_testcancel();
    };
    pthread_t thread;
    const auto routine = [](void* f) -> void* {
      (*static_cast<std::function<void()>*>(f))();
      return f;
    };
    pthread_create(&thread, nullptr, routine, &work);
    void* result = nullptr;
    pthread_join(thread, &result);
    EXPECT_EQ(result, cancelled ? PTHREAD_CANCELED : nullptr);
    EXPECT_EQ(id_at_end, id);
  }
}

TEST_F(thread_end, of_a_detached_thread_is_its_own) {
  gate done;
  std::uint64_t id = 0, id_at_end = 0;
  std::function<void()> note = [&] {
    id_at_end = goroutine_id();
    done.add();
  };
  std::thread([&] {
    id = goroutine_id();
    at_end(note);
  }).detach();
  done.take();
  EXPECT_EQ(id_at_end, id);
}

TEST_F(thread_end, may_wait_for_goroutines_on_the_joiners_worker) {
  on_every_schedule(
      [&] {
        gate g;
        std::function<void()> wait = [&] { g.take(); };
        std::thread thread([&] { at_end(wait); });
        wait_group wg;
        wg.go([&] {
          let_others_block();
          g.add();
        });
        thread.join();
        wg.wait();
      },
      20, 50);
}

}  // namespace
}  // namespace snag::test
