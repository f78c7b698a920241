// SPDX-License-Identifier: Apache-2.0
// Two goroutines add up the same array.
// verdict: clean 20/20
#include <numeric>
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> samples(1000, 1);
  int a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] { a = std::accumulate(samples.begin(), samples.end(), 0); });
  b = std::accumulate(samples.begin(), samples.end(), 0);
  wg.wait();
  return a + b != 2000;
}
