// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex used as it should be.
// verdict: clean 20/20
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <thread>

int hits = 0;
std::shared_mutex m;

void look() {
  {
    std::unique_lock hold(m);
    ++hits;
  }
  std::shared_lock hold(m);
  if (hits > 2) std::abort();
}

int main() {
  std::thread a(look), b(look);
  a.join();
  b.join();
  return hits != 2;
}
