// SPDX-License-Identifier: Apache-2.0
// A mutex is unlocked by a thread that does not hold it.
// verdict: misuse 20/20
// race: guard
// hint: unlock-by-another
#include <mutex>
#include <thread>

std::mutex guard;

int main() {
  guard.lock();                               // <- 2
  std::thread other([] { guard.unlock(); });  // <- 1
  other.join();
}
