// SPDX-License-Identifier: Apache-2.0
// Closing from within the loop is left to another goroutine.
// verdict: clean 20/20
#include <functional>

#include <snag/snag.h>

struct connection {
  snag::chan<int> inbox{1};
  snag::chan<void> closed, loop_stopped;
  std::function<void()> on_cluster_config;

  void loop() {
    snag::defer stopped([&] { loop_stopped.close(); });
    while (snag::select(snag::on_recv(inbox, [&] { on_cluster_config(); }), snag::on_recv(closed)) == 0) {
    }
  }
  void close() {
    closed.close();
    loop_stopped.recv();
    ended = true;
  }
  bool ended = false;
};

int main() {
  connection c;
  snag::wait_group closing;
  c.on_cluster_config = [&] { closing.go([&] { c.close(); }); };
  snag::go(&connection::loop, &c);
  c.inbox << 1;
  c.loop_stopped.recv();
  closing.wait();
}
