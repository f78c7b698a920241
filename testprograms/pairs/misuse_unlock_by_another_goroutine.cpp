// SPDX-License-Identifier: Apache-2.0
// A goroutine unlocks what main has locked, which ends the program.
// verdict: panic 20/20 "sync: unlock of unlocked mutex"
// race: guard
// hint: unlock-by-another
#include <snag/snag.h>

int main() {
  snag::mutex guard;
  snag::wait_group wg;
  guard.lock();                    // <- 2
  wg.go([&] { guard.unlock(); });  // <- 1
  wg.wait();
}
