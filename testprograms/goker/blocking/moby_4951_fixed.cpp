// SPDX-License-Identifier: Apache-2.0
// The device, too, is let go of for that while.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct device_set {
  snag::mutex devices;
  snag::mutex info;
  int open = 1;

  void delete_device() {
    std::unique_lock hold(devices);
    std::unique_lock hold_info(info);
    while (open > 0) {
      --open;
      hold_info.unlock();
      hold.unlock();
      snag::yield();  // until somebody else has closed it
      hold.lock();
      hold_info.lock();
    }
  }
};

int main() {
  auto d = std::make_shared<device_set>();
  for (int i = 0; i < 2; ++i) snag::go(&device_set::delete_device, d);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
