// SPDX-License-Identifier: Apache-2.0
// A function as a goroutine: main goes on at once, and the greeting comes while main sleeps.
// Lesson: `snag::go(f)` returns before f has run; a sleep gives it time, which is no way to wait in earnest.
// verdict: clean 20/20
// stdout: Hello from main!
// stdout: Hello from goroutine!
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void say_hello() { snag::println("Hello from goroutine!"); }

int main() {
  snag::go(say_hello);
  snag::println("Hello from main!");
  snag::sleep_for(100ms);
}
