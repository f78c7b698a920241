// SPDX-License-Identifier: Apache-2.0
// A timer's own thread posts the semaphore; nobody else knows of it but who waits.
// verdict: clean 20/20
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <thread>

#include "look.h"

int main() {
  std::thread([] {
    sem_t ring;
    sem_init(&ring, 0, 0);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_value.sival_ptr = &ring;
    event.sigev_notify_function = [](sigval value) { sem_post(static_cast<sem_t*>(value.sival_ptr)); };
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    itimerspec soon{};
    soon.it_value.tv_nsec = 20'000'000;
    timer_settime(timer, 0, &soon, nullptr);
    while (sem_wait(&ring) != 0) {
    }
    timer_delete(timer);
    sem_destroy(&ring);
  }).join();
}
