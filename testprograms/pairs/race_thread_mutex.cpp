// SPDX-License-Identifier: Apache-2.0
// std::mutex around the writes, and a read that forgot it.
// verdict: race 20/20
// race: x
#include <mutex>
#include <thread>

int x = 0;
std::mutex m;

int main() {
  std::thread t([] {
    std::lock_guard hold(m);
    ++x;  // <- 1
  });
  int seen = x;  // <- 2
  t.join();
  return seen == 7;
}
