// SPDX-License-Identifier: Apache-2.0
// One function in two goroutines, each printing its own message five times while main sleeps.
// Lesson: goroutines of one function share code, not variables; the two sequences interleave.
// verdict: clean 20/20
// stdout: (Goroutine [12]\n){10}Main function ends
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

void print_message(const std::string& message) {
  for (int i = 0; i < 5; ++i) {
    snag::println("{}", message);
    snag::sleep_for(50ms);
  }
}

int main() {
  snag::go(print_message, std::string("Goroutine 1"));
  snag::go(print_message, std::string("Goroutine 2"));
  snag::sleep_for(300ms);
  snag::println("Main function ends");
}
