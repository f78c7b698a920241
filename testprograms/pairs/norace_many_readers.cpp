// SPDX-License-Identifier: Apache-2.0
// The writer waited for every reader.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int config = 1, seen[31] = {};
  snag::wait_group first, others;
  first.go([&] { seen[0] = config; });
  for (int i = 1; i <= 30; ++i) others.go([&, i] { seen[i] = config; });
  others.wait();
  first.wait();
  config = 2;
  return seen[0] != 1;
}
