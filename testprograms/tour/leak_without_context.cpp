// SPDX-License-Identifier: Apache-2.0
// The producer is never told to stop: when main has its three numbers, the producer waits for ever to send
// the fourth. Lesson: every goroutine that can wait needs to hear when to give up.
// verdict: leak 13+/20
#include <snag/snag.h>

int main() {
  snag::chan<int> numbers;
  snag::go([=] {
    for (int n = 1;; ++n) numbers << n;
  });
  for (int i = 0; i < 3; ++i) snag::println("got {}", numbers.recv());
  snag::yield();
}
