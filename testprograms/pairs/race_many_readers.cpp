// SPDX-License-Identifier: Apache-2.0
// Thirty readers, then a writer that waited for all but the first of them.
// verdict: race 20/20
// race: config
#include <snag/snag.h>

int main() {
  int config = 1, seen[31] = {};
  snag::wait_group first, others;
  first.go([&] { seen[0] = config; });  // <- 1
  for (int i = 1; i <= 30; ++i) others.go([&, i] { seen[i] = config; });
  others.wait();
  config = 2;  // <- 2
  first.wait();
  return seen[0] == 7;
}
