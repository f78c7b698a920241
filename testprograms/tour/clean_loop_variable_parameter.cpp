// SPDX-License-Identifier: Apache-2.0
// The cure: the loop variable's value is passed to the goroutine as an argument of the go statement.
// Lesson: arguments are copied in the caller, when the go statement runs.
// verdict: clean 20/20
// stdout: compressing one.txt
// stdout: compressing five.txt
#include <array>

#include <snag/snag.h>

int main() {
  const std::array names = {"one.txt", "two.txt", "three.txt", "four.txt", "five.txt"};
  snag::wait_group wg;
  for (const char* name : names) {
    wg.add(1);
    snag::go(
        [wg](const char* file) mutable {
          snag::println("compressing {}", file);
          wg.done();
        },
        name);
  }
  wg.wait();
}
