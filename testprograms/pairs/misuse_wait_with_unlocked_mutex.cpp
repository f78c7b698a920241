// SPDX-License-Identifier: Apache-2.0
// The same with ours, whose mutex ends the program.
// verdict: panic 20/20 "sync: unlock of unlocked mutex"
// race: arrived
// hint: wait-without-lock
#include <snag/snag.h>

int main() {
  snag::mutex guard;
  snag::condition_variable arrived;
  arrived.wait(guard);  // <- 1
}
