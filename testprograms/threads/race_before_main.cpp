// SPDX-License-Identifier: Apache-2.0
// A constructor of a static object starts a thread that nobody waits for before main reads what it writes.
// verdict: race 20/20
// race: counted
#include <mutex>
#include <thread>

std::mutex mutex;
int started = 0, counted = 0;

struct early {
  early() {
    helper = std::thread([] {
      const std::lock_guard lock(mutex);
      ++counted;  // <- 1
    });
    started = 1;
  }
  ~early() { helper.join(); }
  std::thread helper;
} const at_start;

int main() {
  return started + counted > 2;  // <- 2
}
