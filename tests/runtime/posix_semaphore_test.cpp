// SPDX-License-Identifier: Apache-2.0
// Semaphores that several processes share: who waits for one is not asleep for good, as somebody may post
// whom this process does not know.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "tests/runtime/every_schedule.h"
#include "tests/runtime/recorder.h"

namespace snag::test {
namespace {

using testing::ElementsAre;

TEST(shared_semaphore, is_posted_by_another_process) {
  struct shared {
    sem_t question, answer;
  };
  void* const memory =
      mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto& s = *static_cast<shared*>(memory);
  sem_init(&s.question, 1, 0);
  sem_init(&s.answer, 1, 0);
  constexpr int rounds = 100;
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < rounds; ++i) sem_wait(&s.question), sem_post(&s.answer);
    _exit(0);
  }
  for (int i = 0; i < rounds; ++i) sem_post(&s.question), sem_wait(&s.answer);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  munmap(memory, sizeof(shared));
}

TEST(shared_semaphore, is_posted_by_goroutines_and_threads_of_this_process) {
  const std::string name = "/snag-test-" + std::to_string(getpid());
  sem_t* const named = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 0);
  ASSERT_NE(named, SEM_FAILED);
  sem_unlink(name.c_str());
  on_every_schedule(
      [&] {
        wait_group wg;
        wg.go([&] { EXPECT_EQ(sem_wait(named), 0); });
        wg.go([&] { EXPECT_EQ(sem_wait(named), 0); });
        wg.go([&] {
          let_others_block();
          sem_post(named);
        });
        std::thread([&] { sem_post(named); }).join();
        wg.wait();
      },
      20, 20);
  EXPECT_EQ(sem_trywait(named), -1);
  sem_close(named);
}

TEST(shared_semaphore, times_out) {
  on_every_schedule(
      [] {
        sem_t s;
        sem_init(&s, 1, 0);
        const timespec past{};
        EXPECT_EQ(sem_timedwait(&s, &past), -1);
        EXPECT_EQ(errno, ETIMEDOUT);
        sem_destroy(&s);
      },
      3, 3);
}

TEST(shared_semaphore, orders_who_posts_before_who_waits) {
  sem_t s;
  sem_init(&s, 1, 0);
  events_seen.start({"acquired", "merged"});
  sem_post(&s);
  sem_wait(&s);
  EXPECT_THAT(events_seen.stop(), ElementsAre("merged g1 sem1 0", "acquired g1 sem1 0"));
  sem_destroy(&s);
}

}  // namespace
}  // namespace snag::test
