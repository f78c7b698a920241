// SPDX-License-Identifier: Apache-2.0
// The fourth send into a buffer of three.
// Lesson: a buffer postpones the waiting; it does not remove it.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> c(3);
  for (int i = 0; i < 4; ++i) c << i;
  snag::println("never printed");
}
