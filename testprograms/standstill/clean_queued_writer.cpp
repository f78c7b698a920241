// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex, as glibc's locks by default, lets readers pass a writer who queues.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "look.h"

std::shared_mutex table;
std::atomic<int> writer{0};

int main() {
  meeting reading(2);
  std::thread update([&] {
    reading.arrive();
    writer = gettid();
    const std::unique_lock write(table);
  });
  std::thread look_up([&] {
    const std::shared_lock read(table);
    reading.arrive();
    while (writer == 0) sched_yield();
    await_asleep(writer);
    look_often();
    const std::shared_lock read_again(table);
    look_often();
  });
  update.join();
  look_up.join();
}
