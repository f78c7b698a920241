// SPDX-License-Identifier: Apache-2.0
// A latch, a barrier and two semaphores that others wait for while the last one takes his time: he reads a
// pipe.
// verdict: clean 20/20
#include <pthread.h>
#include <semaphore.h>
#include <barrier>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

#include "look.h"

struct meeting_places {
  std::latch latch{2};
  std::barrier<> barrier{2};
  std::counting_semaphore<> places{0};
  pthread_barrier_t round;
  sem_t ring;
  meeting_places() { pthread_barrier_init(&round, nullptr, 2), sem_init(&ring, 0, 0); }
  ~meeting_places() { pthread_barrier_destroy(&round), sem_destroy(&ring); }
};

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::vector<std::thread> all;
  std::vector<std::atomic<int>> waits(5);
  {
    const auto m = std::make_shared<meeting_places>();
    const auto wait = [&](int i, auto how) {
      all.emplace_back([m, how, &tid = waits[static_cast<std::size_t>(i)]] {
        tid = gettid();
        how(*m);
      });
    };
    wait(0, [](meeting_places& p) { p.latch.arrive_and_wait(); });
    wait(1, [](meeting_places& p) { p.barrier.arrive_and_wait(); });
    wait(2, [](meeting_places& p) { p.places.acquire(); });
    wait(3, [](meeting_places& p) { pthread_barrier_wait(&p.round); });
    wait(4, [](meeting_places& p) { sem_wait(&p.ring); });
    all.emplace_back([m, fd = ends[0]] {
      char byte;
      if (read(fd, &byte, 1) != 1) std::terminate();
      m->latch.count_down();
      m->barrier.arrive_and_wait();
      m->places.release();
      pthread_barrier_wait(&m->round);
      sem_post(&m->ring);
    });
  }
  for (const std::atomic<int>& tid : waits) {
    while (tid == 0) sched_yield();
    await_asleep(tid);
  }
  look_often();
  if (write(ends[1], "x", 1) != 1) return 1;
  for (std::thread& t : all) t.join();
}
