// SPDX-License-Identifier: Apache-2.0
// A third lock is held around both orders.
// verdict: clean 20/20
#include "beside.h"

mutex a, b, gate;

int main() {
  beside all;
  all.go([] {
    const guard around(gate);
    const guard first(a);
    const guard second(b);
  });
  all.go([] {
    const guard around(gate);
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
