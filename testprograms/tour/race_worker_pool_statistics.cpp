// SPDX-License-Identifier: Apache-2.0
// The workers of a pool count their tasks in one variable.
// Lesson: the queue distributes the tasks safely; what the workers share beside it is not covered.
// verdict: race 20/20
// race: processed
#include <snag/snag.h>

int main() {
  snag::chan<int> queue, arrived;
  int processed = 0;
  snag::wait_group wg;
  for (int worker = 1; worker <= 2; ++worker) {
    wg.go([&] {
      for (int task : queue) {
        arrived << task;
        ++processed;  // <- 1 2
      }
    });
  }
  queue << 1;
  queue << 2;
  arrived.recv();
  arrived.recv();
  queue.close();
  wg.wait();
  snag::println("{} tasks", processed);
}
