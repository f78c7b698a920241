// SPDX-License-Identifier: Apache-2.0
// A mutex that is a local variable: every call has one of its own.
// verdict: race 20/20
// race: hits
#include <mutex>
#include <thread>

int hits = 0;

void hit() {
  std::mutex m;
  std::lock_guard hold(m);
  hits++;  // <- 1 2
}

int main() {
  std::thread a(hit), b(hit);
  a.join();
  b.join();
  return hits > 2;
}
