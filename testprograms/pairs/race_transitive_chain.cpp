// SPDX-License-Identifier: Apache-2.0
// A tells B, B tells C; A's write after telling is not in the message.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0, seen = 0;
  snag::chan<int> ab, bc;
  snag::wait_group wg;
  wg.go([&] {
    ab << 1;
    x = 1;  // <- 1
  });
  wg.go([&] { bc << ab.recv(); });
  wg.go([&] {
    bc.recv();
    seen = x;  // <- 2
  });
  wg.wait();
  return seen == 7;
}
