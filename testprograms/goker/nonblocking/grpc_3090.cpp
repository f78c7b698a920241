// SPDX-License-Identifier: Apache-2.0
// Building a resolver starts a goroutine that reports through the wrapper, where the resolver is put only
// after the building.
// shape: race
// race: resolver
#include <mutex>

#include <snag/snag.h>

struct resolver_wrapper {
  snag::mutex mu;
  int* resolver = nullptr;
  int updates = 0;

  void update_state() {
    std::lock_guard hold(mu);
    if (resolver != nullptr) ++updates;  // <- 1
  }
};

int* build(resolver_wrapper& w, snag::wait_group wg) {
  static int built = 1;
  wg.go([&w] { w.update_state(); });
  return &built;
}

int main() {
  resolver_wrapper w;
  snag::wait_group wg;
  w.resolver = build(w, wg);  // <- 2
  wg.wait();
}
