// SPDX-License-Identifier: Apache-2.0
// Two deferred locks, taken together by std::lock.
// verdict: clean 20/20
#include <mutex>
#include <thread>

std::mutex hall, balcony;
int seats = 0;

void sell() {
  std::unique_lock in_hall(hall, std::defer_lock), on_balcony(balcony, std::defer_lock);
  std::lock(in_hall, on_balcony);
  seats++;
}

int main() {
  std::thread a(sell), b(sell);
  a.join();
  b.join();
  return seats != 2;
}
