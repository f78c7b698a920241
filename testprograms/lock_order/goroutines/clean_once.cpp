// SPDX-License-Identifier: Apache-2.0
// The first order is part of what is done once, before anybody goes on.
// verdict: clean 20/20
#include "../beside.h"

mutex a, b;
snag::once prepared;

int main() {
  beside all;
  for (int i = 0; i < 3; ++i)
    all.go([] {
      prepared.call([] {
        const guard first(a);
        const guard second(b);
      });
      const guard first(b);
      const guard second(a);
    });
  all.wait();
}
