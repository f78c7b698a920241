// SPDX-License-Identifier: Apache-2.0
// <threads.h> is pthreads under other names, and observed as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <threads.h>

#include "tests/runtime/every_schedule.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(c11_thread, returns_its_result) {
  thrd_t id;
  int argument = -7, result = 0;
  const auto work = [](void* n) { return *static_cast<int*>(n); };
  ASSERT_EQ(thrd_create(&id, work, &argument), thrd_success);
  EXPECT_EQ(thrd_join(id, &result), thrd_success);
  EXPECT_EQ(result, -7);
  ASSERT_EQ(thrd_create(&id, [](void*) -> int { thrd_exit(9); }, nullptr), thrd_success);
  EXPECT_EQ(thrd_join(id, &result), thrd_success);
  EXPECT_EQ(result, 9);
}

TEST(c11_thread, is_created_and_joined_in_the_sight_of_observers) {
  events_seen.start({"created", "joined"});
  thrd_t id;
  ASSERT_EQ(thrd_create(&id, [](void*) { return 0; }, nullptr), thrd_success);
  thrd_join(id, nullptr);
  EXPECT_THAT(events_seen.stop(), ElementsAre("created g2 g1", "joined g1 g2"));
}

TEST(c11_mutex, parks_a_goroutine) {
  on_every_schedule([] {
    mtx_t m;
    ASSERT_EQ(mtx_init(&m, mtx_plain), thrd_success);
    int inside = 0, count = 0;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        for (int k = 0; k < 5; ++k) {
          EXPECT_EQ(mtx_lock(&m), thrd_success);
          EXPECT_EQ(++inside, 1);
          yield();
          ++count;
          --inside;
          EXPECT_EQ(mtx_unlock(&m), thrd_success);
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count, 25);
    mtx_destroy(&m);
  });
}

TEST(c11_mutex, orders_its_holders) {
  mtx_t m;
  mtx_init(&m, mtx_plain);
  events_seen.start({"acquired", "released"});
  mtx_lock(&m);
  mtx_unlock(&m);
  EXPECT_THAT(events_seen.stop(), ElementsAre("acquired g1 pmx1 0", "released g1 pmx1 0"));
  mtx_destroy(&m);
}

TEST(c11_mutex, says_busy_timed_out_and_nested_in_the_words_of_c) {
  on_every_schedule(
      [] {
        mtx_t plain, recursive;
        mtx_init(&plain, mtx_timed);
        mtx_init(&recursive, mtx_plain | mtx_recursive);
        EXPECT_EQ(mtx_lock(&plain), thrd_success);
        EXPECT_EQ(mtx_trylock(&plain), thrd_busy);
        const timespec past{};
        EXPECT_EQ(mtx_timedlock(&plain, &past), thrd_timedout);
        mtx_unlock(&plain);
        EXPECT_EQ(mtx_lock(&recursive), thrd_success);
        EXPECT_EQ(mtx_trylock(&recursive), thrd_success);
        mtx_unlock(&recursive);
        mtx_unlock(&recursive);
        mtx_destroy(&plain);
        mtx_destroy(&recursive);
      },
      5, 5);
}

TEST(c11_condition, wakes_goroutines) {
  on_every_schedule([] {
    mtx_t m;
    cnd_t c;
    mtx_init(&m, mtx_plain);
    ASSERT_EQ(cnd_init(&c), thrd_success);
    int turn = 0;
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, i] {
        mtx_lock(&m);
        while (turn != i) EXPECT_EQ(cnd_wait(&c, &m), thrd_success);
        ++turn;
        cnd_broadcast(&c);
        mtx_unlock(&m);
      });
    }
    wg.wait();
    EXPECT_EQ(turn, 4);
    mtx_lock(&m);
    const timespec past{};
    EXPECT_EQ(cnd_timedwait(&c, &m, &past), thrd_timedout);
    mtx_unlock(&m);
    cnd_destroy(&c);
    mtx_destroy(&m);
  });
}

TEST(c11_once, runs_once_and_is_acquired_by_every_call) {
  once_flag flag = ONCE_FLAG_INIT;
  static int runs;
  runs = 0;
  events_seen.start({"acquired"});
  for (int i = 0; i < 2; ++i) call_once(&flag, [] { ++runs; });
  EXPECT_THAT(events_seen.stop(), Contains("acquired g1 ponce1 0").Times(testing::Ge(2)));
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace snag::test
