// SPDX-License-Identifier: Apache-2.0
// Two once objects guard one value: each runs its function.
// verdict: race 20/20
// race: value
#include <snag/snag.h>

int main() {
  int value = 0;
  snag::once first, second;
  snag::wait_group wg;
  wg.go([&] {
    first.call([&] { value = 1; });  // <- 1
  });
  second.call([&] { value = 2; });  // <- 2
  wg.wait();
  return value == 7;
}
