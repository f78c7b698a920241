// SPDX-License-Identifier: Apache-2.0
// A deferred lock that was never locked.
// verdict: race 20/20
// race: seats
#include <mutex>
#include <thread>

std::mutex hall, balcony;
int seats = 0;

void sell() {
  std::unique_lock in_hall(hall, std::defer_lock), on_balcony(balcony, std::defer_lock);
  seats++;  // <- 1 2
}

int main() {
  std::thread a(sell), b(sell);
  a.join();
  b.join();
  return seats > 2;
}
