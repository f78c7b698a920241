// SPDX-License-Identifier: Apache-2.0
// The first look is an acquire load, the publication a release store.
// verdict: clean 20/20
#include <atomic>
#include <mutex>

#include <snag/snag.h>

struct registry {
  int entries = 3;
};
std::atomic<registry*> instance = nullptr;
snag::mutex guard;

registry* get() {
  registry* r = instance.load(std::memory_order_acquire);
  if (r == nullptr) {
    std::lock_guard hold(guard);
    r = instance.load(std::memory_order_relaxed);
    if (r == nullptr) instance.store(r = new registry, std::memory_order_release);
  }
  return r;
}

int main() {
  int seen[2] = {0, 0};
  snag::wait_group wg;
  wg.go([&] { seen[0] = get()->entries; });
  wg.go([&] { seen[1] = get()->entries; });
  wg.wait();
  return seen[0] != seen[1];
}
