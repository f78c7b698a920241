// SPDX-License-Identifier: Apache-2.0
// A thread and a goroutine share a counter under std::mutex, which both may lock.
// verdict: clean 20/20
#include <mutex>
#include <thread>

#include <snag/snag.h>

int x = 0;
std::mutex m;

void add() {
  std::lock_guard hold(m);
  ++x;
}

int main() {
  snag::wait_group wg;
  wg.go(add);
  std::thread t(add);
  wg.go(add);
  t.join();
  wg.wait();
  return x != 3;
}
