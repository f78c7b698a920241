// SPDX-License-Identifier: Apache-2.0
// A closed channel wakes the select; a write that its closer makes afterwards is not covered.
// verdict: race 20/20
// race: reason
#include <snag/snag.h>

int main() {
  int reason = 0, seen = 0;
  snag::chan<int> values;
  snag::chan<void> quit;
  snag::wait_group wg;
  wg.go([&] {
    quit.close();
    reason = 3;  // <- 1
  });
  snag::select(snag::on_recv(values, [](int) {}), snag::on_recv(quit, [] {}));
  seen = reason;  // <- 2
  wg.wait();
  return seen == 7;
}
