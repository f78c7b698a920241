// SPDX-License-Identifier: Apache-2.0
// Received into a local, then stored under a lock.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int latest = 0;
snag::mutex m;

int main() {
  snag::chan<int> c(1);
  c << 5;
  snag::wait_group wg;
  wg.go([=] {
    int value = 0;
    c.recv(value);
    std::lock_guard hold(m);
    latest = value;
  });
  int seen = 0;
  {
    std::lock_guard hold(m);
    seen = latest;
  }
  wg.wait();
  return seen == 7;
}
