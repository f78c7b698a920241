// SPDX-License-Identifier: Apache-2.0
// Each goroutine has its own copy of the handle, and may replace it.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> results(1);
  snag::wait_group wg;
  wg.go([results]() mutable {
    results << 3;
    results = snag::chan<int>(2);
  });
  int got = results.recv();
  results = nullptr;
  wg.wait();
  return got != 3;
}
