// SPDX-License-Identifier: Apache-2.0
// Closing a channel twice.
// Lesson: one owner closes, once.
// verdict: panic 20/20 "close of closed channel"
// race: c
// hint: close-of-closed-channel
#include <snag/snag.h>

int main() {
  snag::chan<int> c;
  c.close();  // <- 2
  c.close();  // <- 1
}
