// SPDX-License-Identifier: Apache-2.0
// A parent holds a lock while its children run: that keeps them from nobody, least of all from each other.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b, gate;

int main() {
  turns turn;
  const guard around(gate);
  beside children;
  children.go([&] {
    {
      const guard first(a);
      const guard second(b);  // <- 1
    }
    turn.next();
  });
  children.go([&] {
    turn.wait_for(1);
    const guard first(b);
    const guard second(a);  // <- 2
  });
  children.wait();
}
