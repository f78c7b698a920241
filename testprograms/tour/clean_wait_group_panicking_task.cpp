// SPDX-License-Identifier: Apache-2.0
// A task panics and recovers; its deferred done() has run all the same, and main is not left waiting.
// Lesson: this is why done() is deferred.
// verdict: clean 20/20
// stdout: task failed: disk full
// stdout: all tasks accounted for
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  wg.add(1);
  snag::go([=]() mutable {
    snag::defer leave([&] { wg.done(); });
    try {
      snag::panic("disk full");
    } catch (const snag::panic_error& e) {
      snag::println("task failed: {}", e.what());
    }
  });
  wg.wait();
  snag::println("all tasks accounted for");
}
