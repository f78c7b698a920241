// SPDX-License-Identifier: Apache-2.0
// How many elements a channel holds and how many it could.
// Lesson: len() and cap() describe the buffer; an unbuffered channel has capacity zero.
// verdict: clean 20/20
// stdout: ^len 0 cap 100\nlen 2 cap 100\nlen 1 cap 100\nlen 0 cap 0\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> c(100);
  snag::println("len {} cap {}", c.len(), c.cap());
  c << 1;
  c << 2;
  snag::println("len {} cap {}", c.len(), c.cap());
  c.recv();
  snag::println("len {} cap {}", c.len(), c.cap());
  snag::chan<int> unbuffered;
  snag::println("len {} cap {}", unbuffered.len(), unbuffered.cap());
}
