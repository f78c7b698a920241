// SPDX-License-Identifier: Apache-2.0
// The outbox that fails says that it reads no more, and drains what is there.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct row_channel {
  snag::chan<int> rows{16};
  std::atomic<bool> consumer_closed = false;

  bool push(int row) {
    if (consumer_closed) return false;
    rows << row;
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
  if (stream_broken) return c.close_consumer();
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
