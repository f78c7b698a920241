// SPDX-License-Identifier: Apache-2.0
// A channel of capacity 1 is a mutex: each receive happens before the next send completes, without any
// element data.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int balance = 0;
  snag::chan<void> tokens(1);
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    wg.go([&] {
      tokens.send();
      balance += 10;
      tokens.recv();
    });
  }
  wg.wait();
  return balance != 40;
}
