// SPDX-License-Identifier: Apache-2.0
// Main takes both locks before anybody else lives, and once more beside the other.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b;

void in_order() {
  const guard first(a);
  const guard second(b);  // <- 1
}

int main() {
  turns turn;
  beside all;
  for (int times = 0; times < 2; ++times) {
    if (times == 1)
      all.go([&] {
        turn.wait_for(1);
        const guard first(b);
        const guard second(a);  // <- 2
      });
    in_order();
  }
  turn.next();
  all.wait();
}
