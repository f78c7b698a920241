// SPDX-License-Identifier: Apache-2.0
// The elements of vector<bool> are bits of shared words.
// verdict: race 20/20
// race: seen
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<bool> seen(16);
  snag::wait_group wg;
  wg.go([&] { seen[3] = true; });  // <- 1
  seen[4] = true;                  // <- 2
  wg.wait();
  return seen[3] && !seen[4] && seen[5];
}
