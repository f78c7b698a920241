// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about channels (src/runtime/race/testdata/chan_test.go), third part: a
// buffer of C places as a lock. The k-th receive comes before the (k + C)-th send.
#include <snag/snag.h>

#include <array>

#include "../case.h"

NO_RACE(TestNoRaceChanMutex, "one place: a lock") {
  int data = 0;
  snag::chan<void> lock(1), done;
  snag::go([&] {
    lock.send();
    data = 42;
    lock.recv();
    done.send();
  });
  lock.send();
  data = 43;
  lock.recv();
  done.recv();
}

NO_RACE(TestNoRaceSelectMutex, "one place: a lock, also through selects") {
  int data = 0;
  snag::chan<void> lock(1), done, never;
  const auto acquire = [&] { snag::select(snag::on_send(lock), snag::on_recv(never)); };
  const auto release = [&] { snag::select(snag::on_recv(lock), snag::on_recv(never)); };
  snag::go([&] {
    acquire();
    data = 42;
    release();
    done.send();
  });
  acquire();
  data = 43;
  release();
  done.recv();
}

RACE(TestRaceChanSem, "two places let two in") {
  int data = 0;
  snag::chan<bool> places(2);
  snag::chan<void> done;
  snag::go([&] {
    places << true;
    data = 42;  // <- 1
    places.recv();
    done.send();
  });
  places << true;
  data = 43;  // <- 2
  places.recv();
  done.recv();
}

NO_RACE(TestNoRaceChanWaitGroup, "who can fill all places has waited for everybody") {
  constexpr int workers = 10;
  std::array<int, workers> data{};
  snag::chan<bool> places(workers / 2);
  for (int i = 0; i < workers; ++i) {
    places << true;
    snag::go([&, i] {
      data[i] = 42;
      places.recv();
    });
  }
  for (std::size_t i = 0; i < places.cap(); ++i) places << true;
  for (int& value : data) value += 1;
}

NO_RACE(TestNoRaceElemSize0, "places without a value count as well") {
  int x = 0, y = 0;
  snag::chan<void> places(2);
  places.send();
  places.send();
  snag::go([&] {
    x += 1;
    places.recv();
  });
  snag::go([&] {
    y += 1;
    places.recv();
  });
  places.send();
  places.send();
  x += 1;
  y += 1;
}
