// SPDX-License-Identifier: Apache-2.0
// The lock is a scope's.
// verdict: clean 20/20
#include <chrono>
#include <memory>
#include <mutex>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct device_set {
  snag::mutex mu;
  int deleted = 0, active = 1;

  void clean_up_deleted() {
    std::lock_guard hold(mu);
    if (deleted == 0) return;
    deleted = 0;
  }
  void deactivate() {
    std::lock_guard hold(mu);
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
