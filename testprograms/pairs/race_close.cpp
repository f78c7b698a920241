// SPDX-License-Identifier: Apache-2.0
// The write comes after the close: whoever sees the channel closed is not ordered after it.
// verdict: race 20/20
// race: ready
#include <snag/snag.h>

int main() {
  bool ready = false;
  snag::chan<void> started;
  snag::wait_group wg;
  wg.go([&] {
    started.close();
    ready = true;  // <- 1
  });
  started.recv();
  bool seen = ready;  // <- 2
  wg.wait();
  return seen && !ready;
}
