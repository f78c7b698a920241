// SPDX-License-Identifier: Apache-2.0
// The dispatcher's loop calls back into closing the connection, which waits for the loop to end.
// shape: self-channel
// dead: close, in the dispatcher's loop, main
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
    loop_stopped.recv();  // <- dead 1
    ended = true;
  }
  bool ended = false;
};

int main() {
  connection c;
  c.on_cluster_config = [&] { c.close(); };
  snag::go(&connection::loop, &c);
  c.inbox << 1;
  c.loop_stopped.recv();  // <- dead 1
}
