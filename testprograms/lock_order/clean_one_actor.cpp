// SPDX-License-Identifier: Apache-2.0
// Both orders, in one goroutine or thread, beside one that takes a single lock.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;

int main() {
  beside all;
  all.go([] {
    for (int i = 0; i < 3; ++i) {
      {
        const guard first(a);
        const guard second(b);
      }
      const guard first(b);
      const guard second(a);
    }
  });
  all.go([] { const guard only(a); });
  all.wait();
}
