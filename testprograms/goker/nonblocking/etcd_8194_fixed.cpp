// SPDX-License-Identifier: Apache-2.0
// The rate is the lessor's.
// verdict: clean 20/20
#include <snag/snag.h>

struct lessor {
  int revoke_rate = 1000;
  snag::chan<void> stop;
  int revoked = 0;

  void run() {
    while (snag::select(snag::on_recv(stop), snag::on_default()) == 1) {
      revoked += revoke_rate / 2;
    }
  }
};

int main() {
  lessor l;
  l.revoke_rate = 10;
  snag::wait_group wg;
  wg.go([&] { l.run(); });
  snag::yield();
  l.stop.close();
  wg.wait();
}
