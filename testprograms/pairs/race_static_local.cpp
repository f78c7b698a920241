// SPDX-License-Identifier: Apache-2.0
// A static local is one object for all callers.
// verdict: race 20/20
// race: next
#include <snag/snag.h>

int next_id() {
  static int next = 0;
  return ++next;  // <- 1 2
}

int main() {
  int a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] { a = next_id(); });
  wg.go([&] { b = next_id(); });
  wg.wait();
  return a + b == 70;
}
