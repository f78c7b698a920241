// SPDX-License-Identifier: Apache-2.0
// The monitor closes the door for writers before it asks for the lock.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct idle_framer {
  snag::mutex write_lock;
  snag::chan<void> close, resets;
  snag::chan<void> closing;
  bool closed = false;

  void monitor() {
    while (snag::select(snag::on_recv(close), snag::on_recv(resets)) == 1) {
    }
    closing.close();
    std::lock_guard hold(write_lock);
    closed = true;
  }
  void write_frame() {
    std::lock_guard hold(write_lock);
    if (closed) return;
    snag::select(snag::on_send(resets), snag::on_recv(closing));
  }
};

int main() {
  auto f = std::make_shared<idle_framer>();
  snag::go(&idle_framer::monitor, f);
  snag::go(&idle_framer::write_frame, f);
  snag::go([f] { f->close.close(); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
