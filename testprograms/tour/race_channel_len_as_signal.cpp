// SPDX-License-Identifier: Apache-2.0
// Looking at len() to find out whether the work is done.
// Lesson: len() says what was true a moment ago and orders nothing; receive instead.
// verdict: race 20/20
// race: result
#include <snag/snag.h>

int main() {
  int result = 0;
  snag::chan<void> done(1);
  snag::wait_group wg;
  wg.go([&] {
    result = 42;  // <- 1
    done.send();
  });
  while (done.len() == 0) snag::yield();
  snag::println("result {}", result);  // <- 2
  wg.wait();
}
