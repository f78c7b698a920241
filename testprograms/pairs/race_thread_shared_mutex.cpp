// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex, and a write under the shared lock.
// verdict: race 20/20
// race: hits
#include <shared_mutex>
#include <thread>

int hits = 0;
std::shared_mutex m;

void look() {
  std::shared_lock hold(m);
  ++hits;  // <- 1 2
}

int main() {
  std::thread a(look), b(look);
  a.join();
  b.join();
  return hits == 7;
}
