// SPDX-License-Identifier: Apache-2.0
// The blocks are fresh each time; the pointer that names the current one is shared without protection.
// verdict: race 20/20
// race: current
#include <snag/snag.h>

int main() {
  int* current = nullptr;
  snag::wait_group wg;
  for (int i = 0; i < 20; ++i) {
    wg.go([&, i] {
      int* mine = new int(i);
      current = mine;  // <- 1 2
      snag::yield();
      delete mine;
    });
  }
  wg.wait();
  return current == nullptr;
}
