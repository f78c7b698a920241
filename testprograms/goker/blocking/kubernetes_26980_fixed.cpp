// SPDX-License-Identifier: Apache-2.0
// The lock is given back before the processor waits.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct listener {
  snag::shared_mutex mu;
  snag::chan<int> results;
  snag::chan<void> stop;
  int pending = 1;

  void pop() {
    {
      std::unique_lock hold(mu);
      if (pending > 0) --pending;
    }
    snag::select(snag::on_recv(stop));
  }
  void finish() {
    std::unique_lock hold(mu);
    results.close();
  }
};

int main() {
  listener l;
  snag::wait_group wg;
  snag::defer joined([&] { wg.wait(); });
  snag::defer stopped([&] { l.stop.close(); });
  wg.go([&] { l.pop(); });
  wg.go([&] { l.finish(); });
  l.results.recv();
}
