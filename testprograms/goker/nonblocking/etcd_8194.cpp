// SPDX-License-Identifier: Apache-2.0
// One test changes the rate at which leases are revoked, and changes it back, beside a lessor's loop.
// shape: race
// race: revoke_rate
#include <snag/snag.h>

int revoke_rate = 1000;

struct lessor {
  snag::chan<void> stop;
  int revoked = 0;

  void run() {
    while (snag::select(snag::on_recv(stop), snag::on_default()) == 1) {
      revoked += revoke_rate / 2;  // <- 1
    }
  }
};

int main() {
  lessor l;
  snag::wait_group wg;
  wg.go([&] { l.run(); });
  const int before = revoke_rate;
  revoke_rate = 10;  // <- 2
  snag::yield();
  revoke_rate = before;  // <- 2
  l.stop.close();
  wg.wait();
}
