// SPDX-License-Identifier: Apache-2.0
// Waiting for a pool closes its channel of work, beside somebody who gives it more.
// shape: misuse (send on closed)
// race: work
// panic: send on closed channel
#include <atomic>

#include <snag/snag.h>

struct pool {
  snag::chan<int> work{4};
  snag::wait_group workers;
  std::atomic<int> sum = 0;

  void start() {
    workers.go([this] {
      for (int n : work) sum += n;
    });
  }
  void give(int n) { work << n; }  // <- 1
  void wait() {
    work.close();  // <- 2
    workers.wait();
  }
};

int main() {
  pool p;
  p.start();
  snag::wait_group givers;
  givers.go([&] {
    for (int n = 1; n <= 3; ++n) p.give(n);
  });
  p.wait();
  givers.wait();
}
