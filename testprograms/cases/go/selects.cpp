// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about select (src/runtime/race/testdata/select_test.go). The channel `never`
// is there because a select of one case is a plain send or receive.
#include <snag/snag.h>

#include <functional>

#include "../case.h"

NO_RACE(TestNoRaceSelect1, "a send by a select comes before its receive by another") {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group sender;
  sender.go([&] {
    x = 1;
    snag::select(snag::on_send(c, true), snag::on_send(never, true));
  });
  snag::select(snag::on_recv(c), snag::on_send(never, true));
  x = 2;
  sender.wait();
}

NO_RACE(TestNoRaceSelect2, "a close comes before what the select does that it woke") {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group receiver;
  receiver.go([&] {
    snag::select(snag::on_recv(c), snag::on_recv(never));
    x = 1;
  });
  x = 2;
  c.close();
  snag::yield();
  receiver.wait();
}

NO_RACE(TestNoRaceSelect3, "a send into a buffer by a select comes before its receive") {
  int x = 0;
  snag::chan<bool> c(10), never;
  snag::wait_group sender;
  sender.go([&] {
    x = 1;
    snag::select(snag::on_send(c, true), snag::on_recv(never));
  });
  c.recv();
  x = 2;
  sender.wait();
}

NO_RACE(TestNoRaceSelect4, "a queue of tasks, all through selects") {
  struct task {
    std::function<void()> run;
    snag::chan<bool> done;
  };
  snag::chan<task> queue;
  snag::chan<bool> never;
  snag::wait_group server;
  server.go([&] {
    bool open = true;
    while (open) {
      snag::select(snag::on_recv(queue, [&](const task& t, bool ok) {
        open = ok;
        if (!ok) return;
        t.run();
        t.done << true;
      }));
    }
  });
  int x = 0;
  const snag::chan<bool> done(1);
  snag::select(snag::on_send(queue, task{[&] { x = 1; }, done}), snag::on_recv(never));
  snag::select(snag::on_recv(done), snag::on_recv(never));
  x += 1;
  queue.close();
  server.wait();
}

static void send_and_receive(bool by_select, bool yield_first) {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group both;
  both.go([&] {
    if (yield_first) snag::yield();
    x = 1;
    if (by_select) {
      snag::select(snag::on_send(c, true), snag::on_recv(never));
    } else {
      c << true;
    }
  });
  both.go([&] {
    if (by_select) {
      snag::select(snag::on_recv(c), snag::on_recv(never));
    } else {
      c.recv();
    }
    x = 2;
  });
  both.wait();
}

NO_RACE(TestNoRaceSelect5, "with a select and without, the sender first or the receiver") {
  send_and_receive(true, true);
  send_and_receive(true, false);
  send_and_receive(false, true);
  send_and_receive(false, false);
}

RACE(TestRaceSelect1, "two senders to one receiver are not ordered with one another") {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group all;
  all.go([&] {
    c.recv();
    c.recv();
  });
  for (int i = 0; i < 2; ++i) {
    all.go([&] {
      snag::select(snag::on_send(c, true), snag::on_send(never, true));
      x = 1;  // <- 1 2
    });
  }
  all.wait();
}

RACE(TestRaceSelect2, "the write before the receive meets the write after the close") {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group receiver;
  receiver.go([&] {
    x = 1;  // <- 1
    snag::select(snag::on_recv(c), snag::on_recv(never));
  });
  c.close();
  x = 2;  // <- 2
  receiver.wait();
}

RACE(TestRaceSelect3, "both write before they meet") {
  int x = 0;
  snag::chan<bool> c, never;
  snag::wait_group sender;
  sender.go([&] {
    x = 1;  // <- 1
    snag::select(snag::on_send(c, true), snag::on_send(never, true));
  });
  x = 2;  // <- 2
  snag::select(snag::on_recv(c));
  sender.wait();
}

RACE(TestRaceSelect4, "a default alone meets nobody") {
  int x = 0;
  snag::wait_group writer;
  writer.go([&] {
    snag::select(snag::on_default([&] {
      x = 2;  // <- 1
    }));
  });
  [[maybe_unused]] volatile int seen = x;  // <- 2
  writer.wait();
}

RACE(TestRaceSelect5, "of two cases the one that can happen writes x, and nothing orders the reader") {
  int x = 0, y = 0;
  snag::chan<bool> ready(1), never;
  snag::wait_group writer;
  writer.go([&] {
    snag::select(snag::on_send(ready, true,
                               [&] {
                                 x = 1;  // <- 1
                               }),
                 snag::on_send(never, true, [&] { y = 1; }));
  });
  [[maybe_unused]] volatile int seen_x = x;  // <- 2
  [[maybe_unused]] volatile int seen_y = y;
  writer.wait();
}
