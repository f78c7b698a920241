// SPDX-License-Identifier: Apache-2.0
// Waiting for a flag of one bit; the menu is written after the flag was set.
// verdict: race 20/20
// race: menu
#include <atomic>
#include <thread>

std::atomic_flag is_open;
int menu = 0;

int main() {
  std::thread cook([] {
    is_open.test_and_set(std::memory_order_release);
    is_open.notify_all();
    menu = 3;  // <- 1
  });
  is_open.wait(false, std::memory_order_acquire);
  int seen = menu;  // <- 2
  cook.join();
  return seen > 3;
}
