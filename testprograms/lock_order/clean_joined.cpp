// SPDX-License-Identifier: Apache-2.0
// The one is over before the other begins.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;

int main() {
  beside one, two;
  one.go([] {
    const guard first(a);
    const guard second(b);
  });
  one.wait();
  two.go([] {
    const guard first(b);
    const guard second(a);
  });
  two.wait();
}
