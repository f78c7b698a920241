// SPDX-License-Identifier: Apache-2.0
// Closing a channel that was never made.
// Lesson: a nil channel cannot be closed.
// verdict: panic 20/20 "close of nil channel"
#include <snag/snag.h>

int main() {
  snag::chan<int> c = nullptr;
  c.close();
}
