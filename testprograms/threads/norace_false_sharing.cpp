// SPDX-License-Identifier: Apache-2.0
// Counters side by side in one cache line: slow, but no race.
// verdict: clean 20/20
#include <thread>

int counters[4];

void count(int mine) {
  for (int i = 0; i < 100; ++i) counters[mine]++;
}

int main() {
  std::thread a(count, 1), b(count, 2);
  a.join();
  b.join();
  return counters[1] + counters[2] != 200;
}
