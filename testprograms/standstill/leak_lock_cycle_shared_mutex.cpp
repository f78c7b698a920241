// SPDX-License-Identifier: Apache-2.0
// One thread reads what the other wants to write, and the other way round.
// verdict: leak 20/20
// shape: lock cycle
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "look.h"

std::shared_mutex index_lock, data_lock;
meeting both(2);

int main() {
  std::thread([] {
    const std::shared_lock read(index_lock);
    both.arrive();
    const std::unique_lock write(data_lock);
  }).detach();
  std::thread([] {
    const std::unique_lock write(data_lock);
    both.arrive();
    const std::unique_lock write_too(index_lock);
  }).detach();
  await_finding();
}
