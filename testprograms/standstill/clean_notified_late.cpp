// SPDX-License-Identifier: Apache-2.0
// Word comes late: from a thread that was detached, and itself waits for a byte from a pipe.
// verdict: clean 20/20
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "look.h"

struct box {
  std::mutex guard;
  std::condition_variable arrived;
  bool full = false;
};

std::thread wait_for_a_byte(int fd) {
  const auto b = std::make_shared<box>();
  std::thread([b, fd] {
    char byte;
    if (read(fd, &byte, 1) != 1) std::terminate();
    const std::lock_guard lock(b->guard);
    b->full = true;
    b->arrived.notify_one();
  }).detach();
  std::atomic<int> tid{0};
  std::thread waits([b, &tid] {
    tid = gettid();
    std::unique_lock lock(b->guard);
    b->arrived.wait(lock, [&] { return b->full; });
  });
  while (tid == 0) sched_yield();
  await_asleep(tid);
  return waits;
}

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::thread waits = wait_for_a_byte(ends[0]);
  look_often();
  if (write(ends[1], "x", 1) != 1) return 1;
  waits.join();
}
