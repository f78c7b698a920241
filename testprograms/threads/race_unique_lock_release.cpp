// SPDX-License-Identifier: Apache-2.0
// unlock instead of release: the mutex is free, and its lower-level user believes that it is not.
// verdict: race 20/20
// race: parcels
#include <mutex>
#include <thread>

std::mutex m;
int parcels = 0;

std::mutex* take_over(std::unique_lock<std::mutex>& hold) {
  std::mutex* held = hold.mutex();
  hold.unlock();
  return held;
}

void load() {
  std::unique_lock hold(m);
  std::mutex* held = take_over(hold);
  parcels++;  // <- 1 2
  static_cast<void>(held);
}

int main() {
  std::thread a(load), b(load);
  a.join();
  b.join();
  return parcels > 2;
}
