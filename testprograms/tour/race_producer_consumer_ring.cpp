// SPDX-License-Identifier: Apache-2.0
// The exercise without a channel: a ring buffer with two plain indexes, polled by the consumer.
// Lesson: "one writer, one reader" is no protection by itself; both share the indexes and the cells.
// verdict: race 20/20
// race: written cells
#include <snag/snag.h>

int cells[16];
int written = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int i = 0; i < 10; ++i) {
      cells[i] = i;  // <- 1
      ++written;     // <- 1
      snag::yield();
    }
  });
  int sum = 0;
  for (int read = 0, polls = 0; read < 10 && polls < 1000; ++polls) {
    if (read < written) {    // <- 2
      sum += cells[read++];  // <- 2
    } else {
      snag::yield();
    }
  }
  wg.wait();
  snag::println("sum {}", sum);
}
