// SPDX-License-Identifier: Apache-2.0
// Addresses are sent after the lock is given back.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct round_robin {
  snag::mutex mu;
  snag::chan<int> addresses;
  int known = 0;

  void watch_addresses() {
    for (int address = 1; address <= 4; ++address) {
      {
        std::lock_guard hold(mu);
        known = address;
      }
      addresses << address;
    }
    addresses.close();
  }
  void down() {
    std::lock_guard hold(mu);
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
    is_down.recv();
  }
}

int main() {
  auto rr = std::make_shared<round_robin>();
  snag::go(&round_robin::watch_addresses, rr);
  snag::go(watch_balancer, rr);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
