// SPDX-License-Identifier: Apache-2.0
// The initialisation of a static local is synchronised by the language; its constant value may be read by
// all.
// verdict: clean 20/20
#include <snag/snag.h>

int start() { return 40 + snag::num_goroutine() * 0; }

int base() {
  static const int value = start();
  return value;
}

int main() {
  int a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] { a = base(); });
  wg.go([&] { b = base(); });
  wg.wait();
  return a != b;
}
