// SPDX-License-Identifier: Apache-2.0
// A global of this file alone is no constant.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

namespace {
int x = 0;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    x += 1;  // <- 1 2
  });
  x += 2;  // <- 1 2
  wg.wait();
  return x == 7;
}
