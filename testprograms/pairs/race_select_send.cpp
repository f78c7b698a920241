// SPDX-License-Identifier: Apache-2.0
// The write follows a send chosen by a select: the receiver is not ordered after it.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> a, never;
  snag::wait_group wg;
  wg.go([&] {
    snag::select(snag::on_send(a, 1, [] {}), snag::on_recv(never, [](int) {}));
    x = 1;  // <- 1
  });
  a.recv();
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
