// SPDX-License-Identifier: Apache-2.0
// std::mutex on both sides.
// verdict: clean 20/20
#include <mutex>
#include <thread>

int x = 0;
std::mutex m;

void add() {
  for (int i = 0; i < 100; ++i) {
    std::lock_guard hold(m);
    ++x;
  }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return x != 200;
}
