// SPDX-License-Identifier: Apache-2.0
// Three who each hold one lock and want the next: no two of them are in each other's way.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex red, green, blue;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard first(red);
      const guard second(green);  // <- 1
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    {
      const guard first(green);
      const guard second(blue);  // <- 1
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(2);
    const guard first(blue);
    const guard second(red);  // <- 2
  });
  all.wait();
}
