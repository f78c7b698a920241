// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about channels (src/runtime/race/testdata/chan_test.go), first part: what a
// send, a receive and a close order, and what they do not.
#include <snag/snag.h>

#include <chrono>
#include <functional>
#include <memory>

#include "../case.h"

using namespace std::chrono_literals;

NO_RACE(TestNoRaceChanSync, "a send comes before its receive") {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group sender;
  sender.go([&] {
    x = 1;
    c << 0;
  });
  c.recv();
  x = 2;
  sender.wait();
}

NO_RACE(TestNoRaceChanSyncRev, "without a buffer, a receive comes before the end of its send") {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group sender;
  sender.go([&] {
    c << 0;
    x = 2;
  });
  x = 1;
  c.recv();
  sender.wait();
}

NO_RACE(TestNoRaceChanAsync, "a send into a buffer comes before its receive") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group sender;
  sender.go([&] {
    x = 1;
    c << 0;
  });
  c.recv();
  x = 2;
  sender.wait();
}

RACE(TestRaceChanAsyncRev, "a send into free room waits for no receive") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group sender;
  sender.go([&] {
    c << 0;
    x = 1;  // <- 1
  });
  x = 2;  // <- 2
  c.recv();
  sender.wait();
}

NO_RACE(TestNoRaceChanAsyncCloseRecv,
        "a close comes before the receive that it ends; buffer, deferred write") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  {
    snag::defer write([&] { x = 2; });
    c.recv();
  }
  closer.wait();
}

NO_RACE(TestNoRaceChanAsyncCloseRecv2, "a close comes before the receive that tells of it; buffer") {
  int x = 0, value = 0;
  snag::chan<int> c(10);
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  while (c.recv(value)) {
  }
  x = 2;
  closer.wait();
}

NO_RACE(TestNoRaceChanAsyncCloseRecv3, "a close comes before the end of a loop over the channel; buffer") {
  int x = 0, sum = 0;
  snag::chan<int> c(10);
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  for (int value : c) sum += value;
  x = 2;
  closer.wait();
}

NO_RACE(TestNoRaceChanSyncCloseRecv, "a close comes before the receive that it ends; deferred write") {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  {
    snag::defer write([&] { x = 2; });
    c.recv();
  }
  closer.wait();
}

NO_RACE(TestNoRaceChanSyncCloseRecv2, "a close comes before the receive that tells of it") {
  int x = 0, value = 0;
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  while (c.recv(value)) {
  }
  x = 2;
  closer.wait();
}

NO_RACE(TestNoRaceChanSyncCloseRecv3, "a close comes before the end of a loop over the channel") {
  int x = 0, sum = 0;
  snag::chan<int> c;
  snag::wait_group closer;
  closer.go([&] {
    x = 1;
    c.close();
  });
  for (int value : c) sum += value;
  x = 2;
  closer.wait();
}

RACE(TestRaceChanAsyncCloseSend, "sending until it panics orders nothing after the close") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group closer;
  closer.go([&] {
    x = 1;      // <- 1
    c.close();  // <- 1
  });
  try {
    while (true) c << 0;  // <- 2
  } catch (const snag::panic_error&) {
  }
  x = 2;  // <- 2
  closer.wait();
}

RACE(TestRaceChanCloseClose, "the close that panics is not ordered after the one that came first") {
  int x = 0, y = 0;
  snag::chan<int> c;
  snag::wait_group closers;
  closers.go([&] {
    x = 1;  // <- 1
    try {
      c.close();  // <- 1
    } catch (const snag::panic_error&) {
      y = 2;  // <- 1
    }
  });
  closers.go([&] {
    y = 1;  // <- 2
    try {
      c.close();  // <- 2
    } catch (const snag::panic_error&) {
      x = 2;  // <- 2
    }
  });
  closers.wait();
}

RACE(TestRaceChanSendLen, "seeing that something was sent is not receiving it") {
  int x = 0;
  snag::chan<int> c(10);
  snag::wait_group sender;
  sender.go([&] {
    x = 1;  // <- 1
    c << 1;
  });
  while (c.len() == 0) snag::yield();
  x = 2;  // <- 2
  sender.wait();
}

RACE(TestRaceChanRecvLen, "seeing that something was received orders nothing") {
  int x = 0;
  snag::chan<int> c(10);
  c << 1;
  snag::wait_group receiver;
  receiver.go([&] {
    x = 1;  // <- 1
    c.recv();
  });
  while (c.len() != 0) snag::yield();
  x = 2;  // <- 2
  receiver.wait();
}

RACE(TestRaceChanSendSend, "who finds the buffer full has met nobody") {
  int x = 0, y = 0;
  snag::chan<int> c(1);
  snag::wait_group senders;
  senders.go([&] {
    x = 1;  // <- 1
    snag::select(snag::on_send(c, 1), snag::on_default([&] {
                   y = 2;  // <- 1
                 }));
  });
  senders.go([&] {
    y = 1;  // <- 2
    snag::select(snag::on_send(c, 1), snag::on_default([&] {
                   x = 2;  // <- 2
                 }));
  });
  senders.wait();
}

NO_RACE(TestNoRaceChanPtr, "who receives a pointer may write what it points to") {
  struct message {
    int x;
  };
  snag::chan<std::shared_ptr<message>> c;
  snag::wait_group sender;
  sender.go([&] { c << std::make_shared<message>(message{1}); });
  const std::shared_ptr<message> m = c.recv();
  m->x = 2;
  sender.wait();
}

RACE(TestRaceChanWrongSend,
     "the value tells who has sent, and the receiver touches the other one's variable") {
  int x = 0, y = 0;
  snag::chan<int> c(2);
  snag::wait_group senders;
  senders.go([&] {
    x = 1;  // <- 1
    c << 1;
  });
  senders.go([&] {
    y = 2;  // <- 1
    c << 2;
  });
  if (c.recv() == 1) {
    y = 3;  // <- 2
  } else {
    x = 3;  // <- 2
  }
  senders.wait();
}

RACE(TestRaceChanWrongClose, "the receiver takes a value for the close, and the close for a value") {
  int x = 0, y = 0;
  snag::chan<int> c(1);
  snag::wait_group both;
  both.go([&] {
    x = 1;  // <- 1
    try {
      c << 1;  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  both.go([&] {
    y = 2;      // <- 2
    c.close();  // <- 2
  });
  if (c.next()) {
    y = 3;  // <- 1
  } else {
    x = 3;  // <- 2
  }
  both.wait();
}

RACE(TestRaceChanSendClose,
     "a send and a close race on the channel; seeing that something was sent orders nothing") {
  snag::chan<int> c(1);
  snag::wait_group both;
  both.go([&] { c << 1; });  // <- 1
  both.go([&] {
    while (c.len() == 0) snag::yield();
    c.close();  // <- 2
  });
  both.wait();
}

// The sleep lets the sender find the buffer full. It is right without, too.
NO_RACE(TestNoRaceBlockedSendSync, "a send that had to wait comes before its receive") {
  snag::chan<std::unique_ptr<int>> c(1);
  c << nullptr;
  snag::wait_group sender;
  sender.go([&] { c << std::make_unique<int>(42); });
  snag::sleep_for(10ms);
  c.recv();
  const std::unique_ptr<int> p = c.recv();
  *p += 1;
  sender.wait();
}

NO_RACE(TestNoRaceBlockedSelectSendSync, "a send that had to wait comes before its receive by a select") {
  snag::chan<std::unique_ptr<int>> c(1);
  snag::chan<int> never;
  c << nullptr;
  snag::wait_group sender;
  sender.go([&] { c << std::make_unique<int>(42); });
  snag::sleep_for(10ms);
  c.recv();
  snag::select(snag::on_recv(c, [](std::unique_ptr<int> p) { *p += 1; }), snag::on_recv(never));
  sender.wait();
}

NO_RACE(TestNoRaceCloseHappensBeforeRead,
        "a close comes before the receive that sees it, also beside a default") {
  for (int round = 0; round < 100; ++round) {
    int x = 0, seen = 0;
    snag::chan<void> written, looked;
    snag::wait_group both;
    both.go([&] {
      snag::select(snag::on_recv(written, [&] { seen = x; }), snag::on_default());
      looked.close();
    });
    both.go([&] {
      x = 1;
      written.close();
    });
    looked.recv();
    both.wait();
  }
}

NO_RACE(TestNoRaceProducerConsumerUnbuffered, "a task's end is told on a channel of its own") {
  struct task {
    std::function<void()> run;
    snag::chan<bool> done;
  };
  snag::chan<task> queue;
  snag::wait_group consumer;
  consumer.go([&] {
    const task t = queue.recv();
    t.run();
    t.done << true;
  });
  int x = 0;
  const snag::chan<bool> done(1);
  queue << task{[&] { x = 1; }, done};
  done.recv();
  x += 1;
  consumer.wait();
}
