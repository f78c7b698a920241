// SPDX-License-Identifier: Apache-2.0
// The handler counts failures without protection, while main does too.
// verdict: race 20/20
// race: failures
#include <stdexcept>

#include <snag/snag.h>

void fail(int depth) {
  if (depth == 0) throw std::runtime_error("disk full");
  fail(depth - 1);
}

int main() {
  int failures = 0;
  snag::wait_group wg;
  wg.go([&] {
    try {
      fail(5);
    } catch (const std::exception&) {
      ++failures;  // <- 1
    }
  });
  ++failures;  // <- 2
  wg.wait();
  return failures == 7;
}
