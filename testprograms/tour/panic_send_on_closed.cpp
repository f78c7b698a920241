// SPDX-License-Identifier: Apache-2.0
// Sending on a closed channel.
// Lesson: it panics; that is why only the sender closes.
// verdict: panic 20/20 "send on closed channel"
// race: c
// hint: send-on-closed-channel
#include <snag/snag.h>

int main() {
  snag::chan<int> c(1);
  c.close();  // <- 2
  c << 1;     // <- 1
}
