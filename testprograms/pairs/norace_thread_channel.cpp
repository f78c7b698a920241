// SPDX-License-Identifier: Apache-2.0
// Channels order threads as they order goroutines.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

int x = 0;

int main() {
  snag::chan<int> c;
  std::thread t([=] {
    x = 1;
    c << 1;
    c.recv();
    x = 3;
  });
  c.recv();
  x = 2;
  c << 2;
  t.join();
  return x != 3;
}
