// SPDX-License-Identifier: Apache-2.0
// A writer waits for two readers. One of them will stop reading; the other waits for what the writer holds.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "look.h"

std::shared_mutex table;
std::mutex log_lock;
meeting reading(3);

int main() {
  std::thread([] {
    const std::shared_lock read(table);
    reading.arrive();
    const std::lock_guard write_log(log_lock);
  }).detach();
  std::thread([] {
    const std::lock_guard write_log(log_lock);
    reading.arrive();
    const std::unique_lock write(table);
  }).detach();
  {
    const std::shared_lock read(table);
    reading.arrive();
  }
  await_finding();
}
