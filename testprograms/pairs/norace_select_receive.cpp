// SPDX-License-Identifier: Apache-2.0
// A receive chosen by a select is a receive: it orders the sender's earlier writes.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0, seen = 0;
  snag::chan<int> quiet, busy;
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    busy << 1;
  });
  snag::select(snag::on_recv(quiet, [&](int) { seen = -1; }), snag::on_recv(busy, [&](int) { seen = x; }));
  wg.wait();
  return seen != 1;
}
