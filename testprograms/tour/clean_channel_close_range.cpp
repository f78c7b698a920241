// SPDX-License-Identifier: Apache-2.0
// The producer closes the channel when it has finished; the consumer's loop ends by itself.
// Lesson: only the sender closes, and only because the receiver has to know.
// verdict: clean 20/20
// stdout: ^Received: 0\nReceived: 1\nReceived: 2\nReceived: 3\nReceived: 4\nChannel closed!\n$
#include <snag/snag.h>

void producer(snag::send_chan<int> out) {
  for (int i = 0; i < 5; ++i) out << i;
  out.close();
}

int main() {
  snag::chan<int> c;
  snag::go([=] { producer(c); });
  for (int value : c) snag::println("Received: {}", value);
  snag::println("Channel closed!");
}
