// SPDX-License-Identifier: Apache-2.0
// Creation and join order a thread's whole life.
// verdict: clean 20/20
#include <thread>

int x = 0;

int main() {
  ++x;
  std::thread t([] { ++x; });
  t.join();
  ++x;
  return x != 3;
}
