// SPDX-License-Identifier: Apache-2.0
// The first look is a plain read outside the lock.
// verdict: race 20/20
// race: instance
#include <mutex>

#include <snag/snag.h>

struct registry {
  int entries = 3;
};
registry* instance = nullptr;
snag::mutex guard;

registry* get() {
  if (instance == nullptr) {  // <- 1
    std::lock_guard hold(guard);
    if (instance == nullptr) instance = new registry;  // <- 1 2
  }
  return instance;  // <- 1
}

int main() {
  snag::wait_group wg;
  wg.go([] { get(); });
  wg.go([] { get(); });
  wg.wait();
  return get()->entries == 7;
}
