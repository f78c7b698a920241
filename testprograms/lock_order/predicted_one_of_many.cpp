// SPDX-License-Identifier: Apache-2.0
// Fifty who keep to the order, and one who does not.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b;

int main() {
  turns turn;
  beside all;
  for (int i = 0; i < 50; ++i)
    all.go([&] {
      {
        const guard first(a);
        const guard second(b);  // <- 1
      }
      turn.next();
    });
  all.go([&] {
    turn.wait_for(50);
    const guard first(b);
    const guard second(a);  // <- 2
  });
  all.wait();
}
