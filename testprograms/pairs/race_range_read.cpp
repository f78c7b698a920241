// SPDX-License-Identifier: Apache-2.0
// Adding up an array reads every element, one of which is being written.
// verdict: race 20/20
// race: samples
#include <numeric>
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> samples(1000, 1);
  int sum = 0;
  snag::wait_group wg;
  wg.go([&] { sum = std::accumulate(samples.begin(), samples.end(), 0); });  // <- 1
  samples[500] = 2;                                                          // <- 2
  wg.wait();
  return sum == 7;
}
