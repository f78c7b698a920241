// SPDX-License-Identifier: Apache-2.0
// Hole 7. HOW_MANY goroutines take turns by sending into a channel without values and receiving from it. With
// capacity 1 it is a mutex: each receive happens before the next send completes. With capacity 2 the receive
// before that one does, and neighbours may be inside together: a race, whichever way they happened to run.
// Go's detector keeps one clock for all slots of a channel whose elements have no size, and sees none.
#include <snag/snag.h>

#include "peer.h"

long balance = 0;

int main(int argc, char** argv) {
  const auto [depositors, racy] = peer::read_arguments(argc, argv);
  const snag::chan<void> turn(racy ? 2 : 1);
  snag::wait_group all;
  for (long i = 0; i < depositors; ++i) {
    all.go([turn] {
      turn.send();
      balance += 10;  // <- 1 2
      turn.recv();
    });
  }
  all.wait();
}
