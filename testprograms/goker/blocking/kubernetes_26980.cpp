// SPDX-License-Identifier: Apache-2.0
// A processor waits for the end with its lock held, main for a result, whose channel is closed by a helper
// that wants the lock; main would announce the end on its way out.
// shape: mixed cycle
// dead: pop, the helper, main
#include <mutex>

#include <snag/snag.h>

struct listener {
  snag::shared_mutex mu;
  snag::chan<int> results;
  snag::chan<void> stop;
  int pending = 1;

  void pop() {
    std::unique_lock hold(mu);
    if (pending > 0) --pending;
    snag::select(snag::on_recv(stop));  // <- dead 1
  }
  void finish() {
    std::unique_lock hold(mu);  // <- dead 1
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
  l.results.recv();  // <- dead 1
}
