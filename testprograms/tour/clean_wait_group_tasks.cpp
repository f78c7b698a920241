// SPDX-License-Identifier: Apache-2.0
// Tasks of different length; done() is deferred, so that it runs however the task ends.
// Lesson: put the deferred done() first in the goroutine, and let add() match it.
// verdict: clean 20/20
// stdout: Task 1 completed\nTask 2 completed\nTask 3 completed\nAll tasks completed!
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::wait_group wg;
  for (int id = 1; id <= 3; ++id) {
    wg.add(1);
    snag::go([id, wg]() mutable {
      snag::defer leave([&] { wg.done(); });
      auto duration = id * 20ms;
      snag::println("Task {} working for {} ms", id, duration.count());
      snag::sleep_for(duration);
      snag::println("Task {} completed", id);
    });
  }
  snag::println("Waiting for all tasks to complete...");
  wg.wait();
  snag::println("All tasks completed!");
}
