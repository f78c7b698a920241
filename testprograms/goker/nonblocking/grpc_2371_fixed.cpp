// SPDX-License-Identifier: Apache-2.0
// The watcher looks, under the lock, at whether there still is a balancer.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct client_connection {
  snag::mutex mu;
  snag::chan<int> balancer{1};
  snag::chan<void> resolved;

  void close() {
    std::lock_guard hold(mu);
    balancer = nullptr;
    resolved.close();
  }
  void watch() {
    resolved.recv();
    std::lock_guard hold(mu);
    if (!balancer) return;
    balancer.close();
  }
};

int main() {
  client_connection c;
  snag::wait_group wg;
  wg.go([&] { c.watch(); });
  c.close();
  wg.wait();
}
