// SPDX-License-Identifier: Apache-2.0
// A channel of capacity 2 lets two goroutines in at once: it is a semaphore, not a mutex.
// verdict: race 20/20
// race: balance
#include <snag/snag.h>

int main() {
  int balance = 0;
  snag::chan<void> tokens(2);
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      tokens.send();
      balance += 10;  // <- 1 2
      tokens.recv();
    });
  }
  wg.wait();
  return balance == 7;
}
