// SPDX-License-Identifier: Apache-2.0
// The timer carries what happened before it was armed; a write made later is not in it.
// verdict: race 20/20
// race: x
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int x = 0, seen = 0;
  snag::wait_group wg;
  wg.go([&] {
    snag::after(5ms).recv();
    seen = x;  // <- 1
  });
  x = 1;  // <- 2
  wg.wait();
  return seen == 7;
}
