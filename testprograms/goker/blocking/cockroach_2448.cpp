// SPDX-License-Identifier: Apache-2.0
// Each of two loops offers the other something, and takes nothing while it does: the stop channel that both
// listen to is never closed.
// shape: communication cycle
// dead: process_raft, run
#include <memory>

#include <snag/snag.h>

struct multi_raft {
  snag::chan<int> events, callbacks;
  snag::chan<void> stop;

  void process_raft() {
    for (;;) {
      int event = 0;
      if (snag::select(snag::on_recv(events, [&](int e) { event = e; }), snag::on_recv(stop)) == 1) return;
      const int chosen = snag::select(  // <- dead 1
          snag::on_send(callbacks, event), snag::on_recv(stop));
      if (chosen == 1) return;
    }
  }
  void run() {
    for (int next = 1; next <= 2;) {
      const int chosen = snag::select(  // <- dead 1
          snag::on_send(events, next), snag::on_recv(stop));
      if (chosen == 1) return;
      ++next;
    }
    for (int i = 0; i < 2; ++i) callbacks.recv();
  }
};

int main() {
  auto m = std::make_shared<multi_raft>();
  snag::go(&multi_raft::process_raft, m);
  snag::go(&multi_raft::run, m);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
