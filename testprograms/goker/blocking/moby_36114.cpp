// SPDX-License-Identifier: Apache-2.0
// Attaching disks at the start fails, and with the machine locked calls for their removal, which locks it.
// shape: self-lock
// dead: remove_at_start
#include <memory>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct service_vm {
  snag::mutex mu;
  std::vector<int> disks;

  void add_at_start(std::vector<int> wanted) {
    std::lock_guard hold(mu);
    for (int disk : wanted) {
      if (disk < 0) return remove_at_start();
      disks.push_back(disk);
    }
  }
  void remove_at_start() {
    std::lock_guard hold(mu);  // <- dead 1
    disks.clear();
  }
};

int main() {
  auto vm = std::make_shared<service_vm>();
  snag::go(&service_vm::add_at_start, vm, std::vector{1, -1});
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
