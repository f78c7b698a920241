// SPDX-License-Identifier: Apache-2.0
// The lock around both orders is held by the parents, who wait for their children.
// verdict: clean 20/20
#include "beside.h"

mutex a, b, gate;

int main() {
  beside parents;
  parents.go([] {
    const guard around(gate);
    beside child;
    child.go([] {
      const guard first(a);
      const guard second(b);
    });
    child.wait();
  });
  parents.go([] {
    const guard around(gate);
    beside child;
    child.go([] {
      const guard first(b);
      const guard second(a);
    });
    child.wait();
  });
  parents.wait();
}
