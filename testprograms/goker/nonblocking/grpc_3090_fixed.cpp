// SPDX-License-Identifier: Apache-2.0
// The resolver is put in under the lock that the goroutine takes.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct resolver_wrapper {
  snag::mutex mu;
  int* resolver = nullptr;
  int updates = 0;

  void update_state() {
    std::lock_guard hold(mu);
    if (resolver != nullptr) ++updates;
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
  {
    std::lock_guard hold(w.mu);
    w.resolver = build(w, wg);
  }
  wg.wait();
}
