// SPDX-License-Identifier: Apache-2.0
// A panic that its goroutine does not recover from ends the whole program, whatever some texts say.
// Lesson: "a panic only affects its goroutine" is wrong; main never gets to print.
// verdict: panic 20/20 "panic: unlucky number"
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::go([] { snag::panic("unlucky number"); });
  snag::sleep_for(1h);
  snag::println("never printed");
}
