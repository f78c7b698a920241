// SPDX-License-Identifier: Apache-2.0
// The writer signals on one channel, the select takes from another: no edge between the two.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0, seen = 0;
  snag::chan<int> quiet, busy(1);
  snag::wait_group wg;
  busy << 1;
  wg.go([&] {
    x = 1;  // <- 1
    quiet.close();
  });
  snag::select(snag::on_recv(busy, [&](int) {
    seen = x;  // <- 2
  }));
  wg.wait();
  return seen == 7;
}
