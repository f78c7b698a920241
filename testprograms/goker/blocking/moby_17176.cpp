// SPDX-License-Identifier: Apache-2.0
// Cleaning up finds nothing to do and returns with the devices locked; who deactivates one waits for ever.
// shape: abandoned lock
// dead: deactivate
#include <chrono>
#include <memory>
#include <mutex>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct device_set {
  snag::mutex mu;
  int deleted = 0, active = 1;

  void clean_up_deleted() {
    mu.lock();
    if (deleted == 0) return;
    deleted = 0;
    mu.unlock();
  }
  void deactivate() {
    std::lock_guard hold(mu);  // <- dead 1
    active = 0;
  }
};

int main() {
  auto devices = std::make_shared<device_set>();
  snag::chan<void> deactivated;
  snag::go([=] {
    devices->clean_up_deleted();
    snag::go([=] {
      devices->deactivate();
      deactivated.close();
    });
  });
  snag::select(snag::on_recv(deactivated), snag::on_timeout(100ms));
}
