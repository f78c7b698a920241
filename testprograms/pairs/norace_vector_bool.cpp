// SPDX-License-Identifier: Apache-2.0
// vector<char> has one memory location for each element.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<char> seen(16);
  snag::wait_group wg;
  wg.go([&] { seen[3] = 1; });
  seen[4] = 1;
  wg.wait();
  return seen[3] + seen[4] != 2;
}
