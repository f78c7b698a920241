// SPDX-License-Identifier: Apache-2.0
// A goroutine that prints how many goroutines there are, while ten workers come and go.
// Lesson: num_goroutine() is the number to watch; it should go back to where it was.
// verdict: clean 20/20
// stdout: Active goroutines: 12
// stdout: Worker 9 finished
// stdout: at the end: 2
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void monitor() {
  for (;;) {
    snag::println("Active goroutines: {}", snag::num_goroutine());
    snag::sleep_for(10ms);
  }
}

int main() {
  snag::go(monitor);
  for (int id = 0; id < 10; ++id) {
    snag::go([=] {
      snag::println("Worker {} starting", id);
      snag::sleep_for(55ms);
      snag::println("Worker {} finished", id);
    });
  }
  snag::sleep_for(100ms);
  snag::println("at the end: {}", snag::num_goroutine());
}
