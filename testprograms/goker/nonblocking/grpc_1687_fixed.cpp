// SPDX-License-Identifier: Apache-2.0
// A write that comes after the status is refused.
// verdict: clean 20/20
#include <snag/snag.h>

struct handler_transport {
  snag::chan<int> writes{4};
  snag::chan<void> finished;

  void write(int data) {
    if (snag::select(snag::on_recv(finished), snag::on_default()) == 0) return;
    writes << data;
  }
  void write_status() {
    writes << 0;
    finished.close();
    writes.close();
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
