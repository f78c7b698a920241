// SPDX-License-Identifier: Apache-2.0
// A send on an unbuffered channel in the only goroutine there is.
// Lesson: an unbuffered send waits for a receiver, and nobody is left to be one.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> c;
  c << 42;
  snag::println("Received: {}", c.recv());
}
