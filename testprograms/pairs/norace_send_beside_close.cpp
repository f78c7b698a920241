// SPDX-License-Identifier: Apache-2.0
// Who closes has waited for who sends.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([=] { c << 1; });
  wg.wait();
  c.close();
}
