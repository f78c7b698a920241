// SPDX-License-Identifier: Apache-2.0
// bubble_wait returns once the others are blocked for good, and has learned what they did before.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int number = 0;
  snag::bubble([&] {
    snag::chan<void> go_on;
    snag::go([&, go_on] {
      number = 1;
      go_on.recv();
    });
    snag::bubble_wait();
    if (number == 1) number = 2;
    go_on.close();
  });
  return number == 2 ? 0 : 1;
}
