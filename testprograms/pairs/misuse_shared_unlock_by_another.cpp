// SPDX-License-Identifier: Apache-2.0
// A thread gives back a lock for reading that only the other one holds.
// verdict: misuse 20/20
// race: guard
// hint: unlock-by-another
#include <shared_mutex>
#include <thread>

std::shared_mutex guard;

int main() {
  guard.lock_shared();
  std::thread other([] { guard.unlock_shared(); });  // <- 1
  other.join();
}
