// SPDX-License-Identifier: Apache-2.0
// The producer forgets to close the channel: the loop waits for a sixth value for ever.
// Lesson: a loop over a channel ends only when the channel is closed.
// verdict: deadlock 20/20
// stdout: ^Received: 0\nReceived: 1\nReceived: 2\nReceived: 3\nReceived: 4\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> c;
  snag::go([=] {
    for (int i = 0; i < 5; ++i) c << i;
  });
  for (int value : c) snag::println("Received: {}", value);
  snag::println("Channel closed!");
}
