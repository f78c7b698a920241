// SPDX-License-Identifier: Apache-2.0
// Writing a status closes the transport's channel; a write that comes later sends on it.
// shape: misuse (send on closed)
// race: writes
// panic: send on closed channel
#include <snag/snag.h>

struct handler_transport {
  snag::chan<int> writes{4};

  void write(int data) {
    writes << data;  // <- 1
  }
  void write_status() {
    writes << 0;
    writes.close();  // <- 2
  }
};

int main() {
  handler_transport t;
  snag::wait_group server;
  server.go([&] {
    while (t.writes.next()) {
    }
  });
  t.write(1);
  t.write_status();
  t.write(2);
  server.wait();
}
