// SPDX-License-Identifier: Apache-2.0
// A mutex that is a static local variable: all calls share it.
// verdict: clean 20/20
#include <mutex>
#include <thread>

int hits = 0;

void hit() {
  static std::mutex m;
  std::lock_guard hold(m);
  hits++;
}

int main() {
  std::thread a(hit), b(hit);
  a.join();
  b.join();
  return hits != 2;
}
