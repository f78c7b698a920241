// SPDX-License-Identifier: Apache-2.0
// A receive from a closed channel inside a select acquires the close.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int reason = 0, seen = 0;
  snag::chan<int> values;
  snag::chan<void> quit;
  snag::wait_group wg;
  wg.go([&] {
    reason = 3;
    quit.close();
  });
  snag::select(snag::on_recv(values, [](int) {}), snag::on_recv(quit, [] {}));
  seen = reason;
  wg.wait();
  return seen != 3;
}
