// SPDX-License-Identifier: Apache-2.0
// The racy counter, cured with a channel: increments are messages to the goroutine that owns the count.
// Lesson: for communication prefer channels, for a simple counter an atomic; both are right.
// verdict: clean 20/20
// stdout: ^Final counter value: 1000\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> increments(16);
  snag::chan<int> total;
  snag::go([=] {
    int counter = 0;
    for (int n : increments) counter += n;
    total << counter;
  });
  snag::wait_group wg;
  for (int i = 0; i < 1000; ++i) wg.go([=] { increments << 1; });
  wg.wait();
  increments.close();
  snag::println("Final counter value: {}", total.recv());
}
