// SPDX-License-Identifier: Apache-2.0
// Two goroutines append to one vector.
// verdict: race 20/20
// race: found
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> found;
  found.reserve(16);
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&, i] { found.push_back(i); });  // <- 1 2
  wg.wait();
  return found.size() == 7;
}
