// SPDX-License-Identifier: Apache-2.0
// Phases with a wait group between them: each phase has an order of its own.
// verdict: clean 20/20
#include "../beside.h"

mutex a, b;

int main() {
  for (int phase = 0; phase < 4; ++phase) {
    beside all;
    for (int i = 0; i < 3; ++i)
      all.go([=] {
        const guard first(phase % 2 == 0 ? a : b);
        const guard second(phase % 2 == 0 ? b : a);
      });
    all.wait();
  }
}
