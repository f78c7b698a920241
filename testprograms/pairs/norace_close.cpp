// SPDX-License-Identifier: Apache-2.0
// Closing happens before a receive that returns because the channel is closed.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  bool ready = false;
  snag::chan<void> started;
  snag::wait_group wg;
  wg.go([&] {
    ready = true;
    started.close();
  });
  started.recv();
  bool seen = ready;
  wg.wait();
  return !seen;
}
