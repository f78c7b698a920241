// SPDX-License-Identifier: Apache-2.0
// The goroutine whose variable it is has ended, and its stack with it.
// verdict: race 20/20
// race: state
// hint: outlived-by-goroutine
#include <snag/snag.h>

snag::chan<void> started, go_on, finished;

int main() {
  snag::go([] {
    int state = 1;
    snag::go([&state] {
      go_on.recv();
      ++state;  // <- 1
      finished.send();
    });
    started.send();
  });  // <- 2
  started.recv();
  while (snag::num_goroutine() != 2) snag::yield();  // until only its child is left; that orders nothing
  go_on.send();
  finished.recv();
}
