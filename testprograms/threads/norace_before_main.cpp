// SPDX-License-Identifier: Apache-2.0
// What constructors of static objects do happens before main, also if they lock and start threads.
// verdict: clean 20/20
#include <mutex>
#include <thread>

std::mutex mutex;
int started = 0, counted = 0;

struct early {
  early() {
    std::thread helper([] {
      const std::lock_guard lock(mutex);
      ++counted;
    });
    started = 1;
    helper.join();
  }
} const at_start;

int main() { return started + counted != 2; }
