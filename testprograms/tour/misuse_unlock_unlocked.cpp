// SPDX-License-Identifier: Apache-2.0
// Unlocking a mutex that nobody holds.
// Lesson: a fatal error, not a panic: it cannot be caught, because nothing is sound afterwards.
// verdict: panic 20/20 "sync: unlock of unlocked mutex"
// race: mu
// hint: unlock-of-unlocked
#include <snag/snag.h>

int main() {
  snag::mutex mu;
  try {
    mu.unlock();  // <- 1
  } catch (...) {
    snag::println("never printed");
  }
}
