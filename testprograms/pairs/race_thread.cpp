// SPDX-License-Identifier: Apache-2.0
// Ordinary threads, no goroutine: creation orders what came before, nothing else.
// verdict: race 20/20
// race: x
#include <thread>

int x = 0;

int main() {
  std::thread t([] { ++x; });  // <- 1
  ++x;                         // <- 2
  t.join();
  return x == 7;
}
