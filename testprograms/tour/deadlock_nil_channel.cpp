// SPDX-License-Identifier: Apache-2.0
// Receiving from a channel that was never made.
// Lesson: a nil channel is never ready, in either direction.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> c = nullptr;
  c.recv();
}
