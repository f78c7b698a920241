// SPDX-License-Identifier: Apache-2.0
// The parameter is a reference to the caller's variable: std::ref keeps it one through the go statement.
// verdict: race 20/20
// race: out result
#include <functional>

#include <snag/snag.h>

void compute(int& out, snag::wait_group wg) {
  out = 42;  // <- 1
  wg.done();
}

int main() {
  int result = 0;
  snag::wait_group wg;
  wg.add(1);
  snag::go(compute, std::ref(result), wg);
  int early = result;  // <- 2
  wg.wait();
  return early == 7;
}
