// SPDX-License-Identifier: Apache-2.0
// Deleting a device lets go of all devices for a while but keeps the device; when it locks them again,
// another deletion has them and waits for the device.
// shape: lock cycle
// dead: the first delete_device, the second
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct device_set {
  snag::mutex devices;
  snag::mutex info;
  int open = 1;

  void delete_device() {
    std::unique_lock hold(devices);
    std::unique_lock hold_info(info);  // <- dead 1
    while (open > 0) {
      --open;
      hold.unlock();
      snag::yield();  // until somebody else has closed it
      hold.lock();    // <- dead 1
    }
  }
};

int main() {
  auto d = std::make_shared<device_set>();
  for (int i = 0; i < 2; ++i) snag::go(&device_set::delete_device, d);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
