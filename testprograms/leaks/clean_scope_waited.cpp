// SPDX-License-Identifier: Apache-2.0
// Whoever is started is waited for.
// verdict: clean 20/20
// stdout: 0 left
#include <snag/snag.h>

int main() {
  snag::leak_check check;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) wg.go([] { snag::yield(); });
  wg.wait();
  snag::println("{} left", check.finish().size());
}
