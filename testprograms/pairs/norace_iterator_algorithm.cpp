// SPDX-License-Identifier: Apache-2.0
// Two goroutines sort two halves, the merge comes after both.
// verdict: clean 20/20
#include <algorithm>
#include <array>

#include <snag/snag.h>

std::array<int, 8> values = {5, 3, 8, 1, 9, 2, 7, 4};

int main() {
  snag::wait_group wg;
  wg.go([] { std::sort(values.begin(), values.begin() + 4); });
  wg.go([] { std::sort(values.begin() + 4, values.end()); });
  wg.wait();
  std::array<int, 8> sorted;
  std::merge(values.begin(), values.begin() + 4, values.begin() + 4, values.end(), sorted.begin());
  return !std::is_sorted(sorted.begin(), sorted.end());
}
