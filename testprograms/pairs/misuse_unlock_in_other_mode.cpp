// SPDX-License-Identifier: Apache-2.0
// Locked for reading, unlocked as if it were for writing.
// verdict: panic 20/20 "sync: Unlock of unlocked RWMutex"
// race: guard
// hint: unlock-in-other-mode
#include <snag/snag.h>

int main() {
  snag::shared_mutex guard;
  guard.lock_shared();
  guard.unlock();  // <- 1
}
