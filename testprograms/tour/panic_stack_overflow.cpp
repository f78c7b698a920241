// SPDX-License-Identifier: Apache-2.0
// A recursion without an end: the stack's guard page stops it, and the message names the goroutine.
// Lesson: an overflow is a fatal error that says what it is, not a crash somewhere else.
// verdict: panic 20/20 "stack overflow"
#include <snag/snag.h>

long for_ever(long n) {
  volatile long here = n;
  return for_ever(here + 1) + here;
}

int main() {
  snag::wait_group wg;
  wg.go([] { snag::println("{}", for_ever(0)); });
  wg.wait();
}
