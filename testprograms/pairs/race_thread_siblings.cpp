// SPDX-License-Identifier: Apache-2.0
// Both threads are joined by main; that does not order one before the other.
// verdict: race 20/20
// race: total
#include <thread>

long total = 0;

void add() {
  for (int i = 0; i < 100; ++i) total += i;  // <- 1 2
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return total == 7;
}
