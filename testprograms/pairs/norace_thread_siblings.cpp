// SPDX-License-Identifier: Apache-2.0
// The first is joined before the second starts.
// verdict: clean 20/20
#include <thread>

long total = 0;

void add() {
  for (int i = 0; i < 100; ++i) total += i;
}

int main() {
  std::thread a(add);
  a.join();
  std::thread b(add);
  b.join();
  return total != 9900;
}
