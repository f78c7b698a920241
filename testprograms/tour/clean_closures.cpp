// SPDX-License-Identifier: Apache-2.0
// Closures as goroutines: one without parameters, one whose arguments are evaluated by the go statement.
// Lesson: what a closure needs later goes in by value or as an argument.
// verdict: clean 20/20
// stdout: Anonymous goroutine: 0
// stdout: Parameterized goroutine: 2
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::go([] {
    for (int i = 0; i < 3; ++i) {
      snag::println("Anonymous goroutine: {}", i);
      snag::sleep_for(10ms);
    }
  });
  snag::go(
      [](std::string message, int count) {
        for (int i = 0; i < count; ++i) {
          snag::println("{}: {}", message, i);
          snag::sleep_for(15ms);
        }
      },
      "Parameterized goroutine", 3);
  snag::sleep_for(100ms);
}
