// SPDX-License-Identifier: Apache-2.0
// A wait group is used again once everybody who waited for what it counted before has returned.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group wg, both;
  wg.add(1);
  both.go([=] { wg.wait(); });
  wg.done();
  both.wait();
  wg.add(1);
  wg.done();
  wg.wait();
}
