// SPDX-License-Identifier: Apache-2.0
// Counted in before the go statement, the goroutine cannot be overlooked.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<void> gate, over;
  snag::wait_group wg;
  wg.add(1);
  snag::go([&] {
    gate.recv();
    x = 1;
    wg.done();
    over.close();
  });
  gate.close();
  wg.wait();
  int seen = x;
  over.recv();
  return seen != 1;
}
