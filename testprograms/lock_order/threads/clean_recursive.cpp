// SPDX-License-Identifier: Apache-2.0
// A recursive lock that its owner takes again waits for nobody.
// verdict: clean 20/20
#include "../beside.h"

std::recursive_mutex outer;
mutex inner;

int main() {
  beside all;
  for (int i = 0; i < 2; ++i)
    all.go([] {
      const std::lock_guard once(outer);
      const guard between(inner);
      const std::lock_guard again(outer);
    });
  all.wait();
}
