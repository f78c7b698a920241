// SPDX-License-Identifier: Apache-2.0
// The resolver sends addresses with the balancer locked, to a watcher that waits for connections to go down,
// which takes the same lock.
// shape: mixed cycle
// dead: watch_addresses, down, watch_balancer
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct round_robin {
  snag::mutex mu;
  snag::chan<int> addresses;
  int known = 0;

  void watch_addresses() {
    for (int address = 1; address <= 4; ++address) {
      std::lock_guard hold(mu);
      known = address;
      addresses << address;  // <- dead 1
    }
    addresses.close();
  }
  void down() {
    std::lock_guard hold(mu);  // <- dead 1
    known = 0;
  }
};

void watch_balancer(std::shared_ptr<round_robin> rr) {
  for ([[maybe_unused]] int address : rr->addresses) {
    snag::chan<void> is_down;
    snag::go([=] {
      rr->down();
      is_down.close();
    });
    is_down.recv();  // <- dead 1
  }
}

int main() {
  auto rr = std::make_shared<round_robin>();
  snag::go(&round_robin::watch_addresses, rr);
  snag::go(watch_balancer, rr);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
