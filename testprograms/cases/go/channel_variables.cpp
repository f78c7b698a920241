// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about channels (src/runtime/race/testdata/chan_test.go), second part: the
// variables that a send reads and a receive writes, and the variable that holds the channel itself. A channel
// goes with its last handle, so the cases that replace a handle keep another one.
#include <snag/snag.h>

#include "../case.h"

RACE(TestRaceSelectReadWriteAsync, "one select sends x, another receives into x, on channels of their own") {
  int x = 0;
  snag::chan<int> from_x(10), into_x(10), never;
  into_x << 1;
  snag::wait_group sender;
  sender.go([&] {
    snag::select(snag::on_send(from_x, x), snag::on_send(never, 1));  // <- 1
  });
  snag::select(snag::on_recv(into_x,
                             [&](int value) {
                               x = value;  // <- 2
                             }),
               snag::on_send(never, 1));
  sender.wait();
}

RACE(TestRaceSelectReadWriteSync, "the same without buffers") {
  int x = 0;
  snag::chan<int> from_x, into_x, never;
  snag::wait_group others;
  others.go([&] { from_x.recv(); });
  others.go([&] { into_x << 1; });
  others.go([&] {
    snag::select(snag::on_send(from_x, x), snag::on_send(never, 1));  // <- 1
  });
  snag::select(snag::on_recv(into_x,
                             [&](int value) {
                               x = value;  // <- 2
                             }),
               snag::on_send(never, 1));
  others.wait();
}

NO_RACE(TestNoRaceSelectReadWriteAsync, "x is sent and received on one channel") {
  int x = 0;
  snag::chan<int> c, never;
  snag::wait_group sender;
  sender.go([&] { snag::select(snag::on_send(c, x), snag::on_send(never, 1)); });
  snag::select(snag::on_recv(c, [&](int value) { x = value; }), snag::on_send(never, 1));
  sender.wait();
}

RACE(TestRaceChanReadWriteAsync, "a send reads x, a receive from another channel writes it") {
  int x = 0;
  snag::chan<int> from_x(10), into_x(10);
  into_x << 10;
  snag::wait_group sender;
  sender.go([&] { from_x << x; });  // <- 1
  into_x.recv(x);                   // <- 2
  sender.wait();
}

RACE(TestRaceChanReadWriteSync, "the same without buffers") {
  int x = 0;
  snag::chan<int> from_x, into_x;
  snag::wait_group others;
  others.go([&] { from_x.recv(); });
  others.go([&] { into_x << 10; });
  others.go([&] { from_x << x; });  // <- 1
  x = into_x.recv();                // <- 2
  others.wait();
}

NO_RACE(TestNoRaceChanReadWriteAsync, "x is sent and received on one channel") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group sender;
  sender.go([&] { c << x; });
  c.recv(x);
  sender.wait();
}

RACE(TestRaceChanItselfSend, "one sends, another puts a new channel into the variable") {
  snag::chan<int> c(10);
  const snag::chan<int> kept = c;
  snag::wait_group sender;
  sender.go([&] { c << 0; });  // <- 1
  c = snag::chan<int>(20);     // <- 2
  sender.wait();
}

RACE(TestRaceChanItselfRecv, "one receives, another puts a new channel into the variable") {
  snag::chan<int> c(10);
  const snag::chan<int> kept = c, other(20);
  c << 1;
  other << 1;
  snag::wait_group receiver;
  receiver.go([&] { c.recv(); });  // <- 1
  c = other;                       // <- 2
  receiver.wait();
}

RACE(TestRaceChanItselfNil, "one sends if there is a channel, another takes it away") {
  snag::chan<int> c(10);
  const snag::chan<int> kept = c;
  snag::wait_group sender;
  sender.go([&] { c.try_send(0); });  // <- 1
  c = nullptr;                        // <- 2
  sender.wait();
}

RACE(TestRaceChanItselfClose, "one closes, another puts a new channel into the variable") {
  snag::chan<int> c;
  const snag::chan<int> kept = c;
  snag::wait_group closer;
  closer.go([&] { c.close(); });  // <- 1
  c = snag::chan<int>();          // <- 2
  closer.wait();
}

RACE(TestRaceChanItselfLen, "one asks for the length, another puts a new channel into the variable") {
  snag::chan<int> c;
  const snag::chan<int> kept = c;
  snag::wait_group reader;
  reader.go([&] { c.len(); });  // <- 1
  c = snag::chan<int>();        // <- 2
  reader.wait();
}

RACE(TestRaceChanItselfCap, "one asks for the capacity, another puts a new channel into the variable") {
  snag::chan<int> c;
  const snag::chan<int> kept = c;
  snag::wait_group reader;
  reader.go([&] { c.cap(); });  // <- 1
  c = snag::chan<int>();        // <- 2
  reader.wait();
}

NO_RACE(TestNoRaceChanCloseLen, "asking for the length is allowed while another closes") {
  snag::chan<int> c(10), results(10);
  snag::wait_group both;
  both.go([&] { results << static_cast<int>(c.len()); });
  both.go([&] {
    c.close();
    results << 0;
  });
  results.recv();
  results.recv();
  both.wait();
}

NO_RACE(TestNoRaceChanCloseCap, "asking for the capacity is allowed while another closes") {
  snag::chan<int> c(10), results(10);
  snag::wait_group both;
  both.go([&] { results << static_cast<int>(c.cap()); });
  both.go([&] {
    c.close();
    results << 0;
  });
  results.recv();
  results.recv();
  both.wait();
}
