// SPDX-License-Identifier: Apache-2.0
// main wraps the go statement in a try block, which cannot catch what happens in the other goroutine.
// Lesson: an exception never crosses from one goroutine to another.
// verdict: panic 20/20 "disk full"
#include <chrono>
#include <stdexcept>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  try {
    snag::go([] { throw std::runtime_error("disk full"); });
    snag::sleep_for(1h);
  } catch (const std::exception&) {
    snag::println("never printed");
  }
}
