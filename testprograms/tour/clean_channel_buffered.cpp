// SPDX-License-Identifier: Apache-2.0
// Three sends into a buffer of three, then three receives, all in one goroutine.
// Lesson: a buffered send waits only when the buffer is full; elements come out in order.
// verdict: clean 20/20
// stdout: ^1\n2\n3\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> c(3);
  c << 1;
  c << 2;
  c << 3;
  snag::println("{}", c.recv());
  snag::println("{}", c.recv());
  snag::println("{}", c.recv());
}
