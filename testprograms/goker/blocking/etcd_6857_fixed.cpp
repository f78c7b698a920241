// SPDX-License-Identifier: Apache-2.0
// Whoever asks also listens for the node's end.
// verdict: clean 20/20
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
    if (snag::select(snag::on_send(status_requests, reply), snag::on_recv(done)) == 1) return 0;
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
