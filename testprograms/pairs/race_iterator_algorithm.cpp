// SPDX-License-Identifier: Apache-2.0
// Sorting in one goroutine, searching in another.
// verdict: race 20/20
// race: queue values
#include <algorithm>
#include <array>

#include <snag/snag.h>

std::array<int, 8> values = {5, 3, 8, 1, 9, 2, 7, 4};

int main() {
  snag::wait_group wg;
  wg.go([] { std::sort(values.begin(), values.end()); });                     // <- 1
  bool found = std::find(values.begin(), values.end(), 100) != values.end();  // <- 2
  wg.wait();
  return found;
}
