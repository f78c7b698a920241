// SPDX-License-Identifier: Apache-2.0
// A mutex is unlocked that nobody holds.
// verdict: misuse 20/20
// race: guard
// hint: unlock-of-unlocked
#include <mutex>

std::mutex guard;

int main() {
  guard.lock();
  guard.unlock();
  guard.unlock();  // <- 1
}
