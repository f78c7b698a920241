// SPDX-License-Identifier: Apache-2.0
// A third lock is held around one of the orders only.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b, gate;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard around(gate);
      const guard first(a);
      const guard second(b);  // <- 1
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard first(b);
    const guard second(a);  // <- 2
  });
  all.wait();
}
