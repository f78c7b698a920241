// SPDX-License-Identifier: Apache-2.0
// Three wait for a mutex, one behind the other, whose holder waits for a byte that comes through a pipe.
// verdict: clean 20/20
#include <unistd.h>
#include <atomic>
#include <mutex>
#include <thread>

#include "look.h"

std::mutex device, queue;
int ends[2];
std::atomic<int> last{0};

int main() {
  if (pipe(ends) != 0) return 1;
  meeting held(3);
  std::thread holder([&] {
    const std::lock_guard hold(device);
    held.arrive();
    char byte;
    if (read(ends[0], &byte, 1) != 1) std::terminate();
  });
  std::thread second([&] {
    const std::lock_guard hold(queue);
    held.arrive();
    const std::lock_guard hold_too(device);
  });
  std::thread third([&] {
    held.arrive();
    last = gettid();
    const std::lock_guard hold(queue);
  });
  while (last == 0) sched_yield();
  await_asleep(last);
  look_often();
  if (write(ends[1], "x", 1) != 1) return 1;
  holder.join();
  second.join();
  third.join();
}
