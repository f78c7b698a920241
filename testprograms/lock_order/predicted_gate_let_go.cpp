// SPDX-License-Identifier: Apache-2.0
// As clean_gate_of_parent, but the parents unlock before they wait.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b, gate;

int main() {
  turns turn;
  beside parents;
  parents.go([&] {
    beside child;
    {
      const guard around(gate);
      child.go([&] {
        {
          const guard first(a);
          const guard second(b);  // <- 1
        }
        turn.next();
      });
    }
    child.wait();
  });
  parents.go([&] {
    beside child;
    {
      const guard around(gate);
      child.go([&] {
        turn.wait_for(1);
        const guard first(b);
        const guard second(a);  // <- 2
      });
    }
    child.wait();
  });
  parents.wait();
}
