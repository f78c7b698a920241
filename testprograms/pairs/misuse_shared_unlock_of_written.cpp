// SPDX-License-Identifier: Apache-2.0
// Locked for writing, unlocked as if it were for reading.
// verdict: panic 20/20 "sync: RUnlock of unlocked RWMutex"
// race: guard
// hint: unlock-in-other-mode
#include <snag/snag.h>

int main() {
  snag::shared_mutex guard;
  guard.lock();           // <- 2
  guard.unlock_shared();  // <- 1
}
