// SPDX-License-Identifier: Apache-2.0
// The channel is closed once nobody gives work any more.
// verdict: clean 20/20
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
  void give(int n) { work << n; }
  void wait() {
    work.close();
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
  givers.wait();
  p.wait();
}
