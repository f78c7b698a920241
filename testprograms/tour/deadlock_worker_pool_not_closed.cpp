// SPDX-License-Identifier: Apache-2.0
// The task queue is never closed: the workers wait for an eleventh task, and main waits for the workers.
// Lesson: whoever fills the queue closes it.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> queue(100);
  snag::wait_group wg;
  for (int worker = 1; worker <= 3; ++worker) {
    wg.go([=] {
      for (int task : queue) snag::println("Worker {} processing task {}", worker, task);
    });
  }
  for (int i = 1; i <= 10; ++i) queue << i;
  wg.wait();
}
