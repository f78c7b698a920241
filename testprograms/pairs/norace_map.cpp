// SPDX-License-Identifier: Apache-2.0
// Existing elements may be written by one goroutine each: the tree itself is only read.
// verdict: clean 20/20
#include <map>

#include <snag/snag.h>

int main() {
  std::map<int, int> ages = {{1, 30}, {2, 40}};
  snag::wait_group wg;
  wg.go([&] { ages.find(2)->second = 41; });
  ages.find(1)->second = 31;
  wg.wait();
  return ages[1] + ages[2] != 72;
}
