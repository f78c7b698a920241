// SPDX-License-Identifier: Apache-2.0
// A send chosen by a select happens before the receive that takes its value completes.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> a, never;
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    snag::select(snag::on_send(a, 1, [] {}), snag::on_recv(never, [](int) {}));
  });
  a.recv();
  int seen = x;
  wg.wait();
  return seen != 1;
}
