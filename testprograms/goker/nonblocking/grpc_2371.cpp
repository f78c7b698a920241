// SPDX-License-Identifier: Apache-2.0
// Closing a connection takes its balancer's channel away before the resolver's watcher comes to use it.
// shape: misuse (close of nil)
// panic: close of nil channel
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
