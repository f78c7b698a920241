// SPDX-License-Identifier: Apache-2.0
// Phases with a barrier between them: each phase has an order of its own.
// verdict: clean 20/20
#include <barrier>

#include "../beside.h"

mutex a, b;

int main() {
  std::barrier phase(3);
  beside all;
  for (int i = 0; i < 3; ++i)
    all.go([&] {
      for (int p = 0; p < 4; ++p) {
        {
          const guard first(p % 2 == 0 ? a : b);
          const guard second(p % 2 == 0 ? b : a);
        }
        phase.arrive_and_wait();
      }
    });
  all.wait();
}
