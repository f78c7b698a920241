// SPDX-License-Identifier: Apache-2.0
// Counters side by side, and two threads that use the same one.
// verdict: race 20/20
// race: counters
#include <thread>

int counters[4];

void count(int mine) {
  for (int i = 0; i < 100; ++i) counters[mine]++;  // <- 1 2
}

int main() {
  std::thread a(count, 1), b(count, 1);
  a.join();
  b.join();
  return counters[1] > 200;
}
