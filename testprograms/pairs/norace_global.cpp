// SPDX-License-Identifier: Apache-2.0
// A global that is written before anybody runs and only read afterwards.
// verdict: clean 20/20
#include <snag/snag.h>

int requests = 0;
int seen[2];

int main() {
  requests = 5;
  snag::wait_group wg;
  wg.go([] { seen[0] = requests; });
  wg.go([] { seen[1] = requests; });
  wg.wait();
  return seen[0] != seen[1];
}
