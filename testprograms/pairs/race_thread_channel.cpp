// SPDX-License-Identifier: Apache-2.0
// A thread sends to a goroutine and writes afterwards.
// verdict: race 20/20
// race: x
#include <thread>

#include <snag/snag.h>

int x = 0;

int main() {
  snag::chan<int> c(1);
  std::thread t([=] {
    c << 1;
    x = 1;  // <- 1
  });
  c.recv();
  int seen = x;  // <- 2
  t.join();
  return seen == 7;
}
