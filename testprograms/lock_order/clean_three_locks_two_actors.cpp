// SPDX-License-Identifier: Apache-2.0
// Three orders that make a circle, but two of them are one actor's: it cannot be at two places.
// verdict: clean 20/20
#include "beside.h"

mutex red, green, blue;

int main() {
  beside all;
  all.go([] {
    {
      const guard first(red);
      const guard second(green);
    }
    const guard first(green);
    const guard second(blue);
  });
  all.go([] {
    const guard first(blue);
    const guard second(red);
  });
  all.wait();
}
