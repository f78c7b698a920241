// SPDX-License-Identifier: Apache-2.0
// Waiting for a flag of one bit, which is set after the menu was written.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic_flag is_open;
int menu = 0;

int main() {
  std::thread cook([] {
    menu = 3;
    is_open.test_and_set(std::memory_order_release);
    is_open.notify_all();
  });
  is_open.wait(false, std::memory_order_acquire);
  int seen = menu;
  cook.join();
  return seen != 3;
}
