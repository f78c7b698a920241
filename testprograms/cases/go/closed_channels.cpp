// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about channels (src/runtime/race/testdata/chan_test.go): a send that finds
// the channel closed, or that waits when it is closed, races with the close as a send that succeeds does.
#include <snag/snag.h>

#include "../case.h"

RACE(TestRaceChanSyncCloseSend,
     "a send that panics is not ordered after the close; nor are the two themselves") {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    x = 1;      // <- 1
    c.close();  // <- 1
  });
  try {
    c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  x = 2;  // <- 2
  closer.wait();
}

RACE(TestRaceChanSendSelectClose, "a send by a select and a close that nothing orders race on the channel") {
  snag::chan<int> c(1), never;
  snag::wait_group both;
  both.go([&] {
    try {
      snag::select(snag::on_send(c, 1), snag::on_recv(never));  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  both.go([&] { c.close(); });  // <- 2
  both.wait();
}

RACE(TestRaceChanCloseSend, "a close and a send into free room that nothing orders race on the channel") {
  snag::chan<int> c(10);
  snag::wait_group closer;
  closer.go([&] { c.close(); });  // <- 1
  try {
    c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  closer.wait();
}
