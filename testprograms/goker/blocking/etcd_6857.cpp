// SPDX-License-Identifier: Apache-2.0
// A node's status is asked for by a send that nothing ends; the node has stopped.
// shape: orphan
// dead: status
#include <memory>

#include <snag/snag.h>

struct node {
  snag::chan<snag::chan<int>> status_requests;
  snag::chan<void> stop, done;

  void run() {
    snag::defer finished([&] { done.close(); });
    for (;;) {
      bool stopping = false;
      snag::select(snag::on_recv(status_requests, [](snag::chan<int> reply) { reply << 1; }),
                   snag::on_recv(stop, [&] { stopping = true; }));
      if (stopping) return;
    }
  }
  int status() {
    snag::chan<int> reply(1);
    status_requests << reply;  // <- dead 1
    return reply.recv();
  }
  void shut_down() {
    if (snag::select(snag::on_send(stop), snag::on_recv(done)) == 0) done.recv();
  }
};

int main() {
  auto n = std::make_shared<node>();
  snag::go(&node::run, n);
  snag::go(&node::status, n);
  snag::go(&node::shut_down, n);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
