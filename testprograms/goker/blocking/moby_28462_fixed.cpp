// SPDX-License-Identifier: Apache-2.0
// The monitor is stopped after the lock is given back.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct container {
  snag::mutex mu;
  snag::chan<void> stop;
  int probes = 0;

  void probe() {
    std::lock_guard hold(mu);
    ++probes;
  }
  void monitor() {
    while (snag::select(snag::on_recv(stop), snag::on_default()) == 1) probe();
  }
  void state_changed() {
    {
      std::lock_guard hold(mu);
      probes = 0;
    }
    stop.send();
  }
};

int main() {
  auto c = std::make_shared<container>();
  snag::go(&container::monitor, c);
  snag::go(&container::state_changed, c);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
