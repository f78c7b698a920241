// SPDX-License-Identifier: Apache-2.0
// A one-shot closure stores its result in a captured variable, and main gives it a chance to run before it
// reads. Lesson: yield lets the closure run; it does not order its write before the read.
// verdict: race 20/20
// race: saved
#include <snag/snag.h>

int main() {
  bool saved = false;
  snag::wait_group wg;
  wg.go([&] { saved = true; });  // <- 1
  snag::yield();
  snag::println("state saved: {}", saved);  // <- 2
  wg.wait();
}
