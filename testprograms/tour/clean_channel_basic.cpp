// SPDX-License-Identifier: Apache-2.0
// One value through an unbuffered channel.
// Lesson: sender and receiver meet; the send is complete when the value has been taken.
// verdict: clean 20/20
// stdout: ^Received: 42\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> c;
  snag::go([=] { c << 42; });
  int value = c.recv();
  snag::println("Received: {}", value);
}
