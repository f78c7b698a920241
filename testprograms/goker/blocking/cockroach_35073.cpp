// SPDX-License-Identifier: Apache-2.0
// An outbox fails and leaves without draining its channel or saying that it is closed: both producers wait
// for room.
// shape: orphan
// dead: push, called by main and by the second producer
#include <atomic>

#include <snag/snag.h>

struct row_channel {
  snag::chan<int> rows{16};
  std::atomic<bool> consumer_closed = false;

  bool push(int row) {
    if (consumer_closed) return false;
    rows << row;  // <- dead 2
    return true;
  }
  void close_consumer() {
    consumer_closed = true;
    snag::go([rows = rows] {
      while (rows.next()) {
      }
    });
  }
};

void outbox(row_channel& c) {
  const bool stream_broken = true;
  if (stream_broken) return;
  while (c.rows.next()) {
  }
}

int main() {
  row_channel c;
  snag::wait_group producers;
  for (int row = 0; row < 16; ++row) c.push(row);
  producers.go([&] { c.push(16); });
  outbox(c);
  c.push(17);
  producers.wait();
  c.rows.close();
}
