// SPDX-License-Identifier: Apache-2.0
// A change of state stops the monitor, with the container locked; the monitor is about to lock it for a
// probe.
// shape: mixed cycle
// dead: state_changed, probe
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct container {
  snag::mutex mu;
  snag::chan<void> stop;
  int probes = 0;

  void probe() {
    std::lock_guard hold(mu);  // <- dead 1
    ++probes;
  }
  void monitor() {
    while (snag::select(snag::on_recv(stop), snag::on_default()) == 1) probe();
  }
  void state_changed() {
    std::lock_guard hold(mu);
    probes = 0;
    stop.send();  // <- dead 1
  }
};

int main() {
  auto c = std::make_shared<container>();
  snag::go(&container::monitor, c);
  snag::go(&container::state_changed, c);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
