// SPDX-License-Identifier: Apache-2.0
// main sleeps long enough for the worker and then reads its result.
// Lesson: time is not synchronisation; on a slow day the result is not there, and on no day is it ordered.
// verdict: race 20/20
// race: result
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  static int result = 0;
  snag::go([] {
    result = 42;  // <- 1
  });
  snag::sleep_for(100ms);
  snag::println("result {}", result);  // <- 2
}
