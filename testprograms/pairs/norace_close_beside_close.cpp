// SPDX-License-Identifier: Apache-2.0
// Two goroutines may close what they share, and a once lets one of them.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<void> c;
  snag::once closing;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { closing.call([&] { c.close(); }); });
  wg.wait();
}
