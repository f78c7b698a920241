// SPDX-License-Identifier: Apache-2.0
// The receiver closes the channel while a sender waits in it: the waiting send panics.
// Lesson: the receiver must never close.
// verdict: panic 20/20 "send on closed channel"
// race: c
// hint: send-beside-close
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });  // <- 1
  snag::sleep_for(5ms);
  c.close();  // <- 2
  snag::sleep_for(1h);
}
