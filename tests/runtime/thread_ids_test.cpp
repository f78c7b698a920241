// SPDX-License-Identifier: Apache-2.0
// A thread's id is another one's as soon as it was joined: with a stack that the program gives to both,
// always.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <semaphore>
#include <vector>

#include "tests/runtime/recorder.h"

extern "C" void (*snag_test_after_join)();  // late_join.cpp

namespace {

using ::testing::ElementsAre;

alignas(4096) std::byte stack[1 << 20];
std::binary_semaphore go_on{0};
pthread_t first, second;

void* nothing(void*) { return nullptr; }
void* wait(void*) {
  go_on.acquire();
  return nullptr;
}

pthread_t create(void* (*routine)(void*)) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, sizeof stack);
  pthread_t id{};
  EXPECT_EQ(pthread_create(&id, &attributes, routine, nullptr), 0);
  pthread_attr_destroy(&attributes);
  return id;
}

TEST(thread_ids, are_given_again_before_the_join_is_over) {
  snag::test::events_seen.start({"created", "joined"});
  first = create(nothing);
  snag_test_after_join = [] { second = create(wait); };
  ASSERT_EQ(pthread_join(first, nullptr), 0);
  ASSERT_EQ(first, second);
  go_on.release();
  ASSERT_EQ(pthread_join(second, nullptr), 0);
  EXPECT_THAT(snag::test::events_seen.stop(),
              ElementsAre("created g2 g1", "created g3 g1", "joined g1 g2", "joined g1 g3"));
}

}  // namespace
