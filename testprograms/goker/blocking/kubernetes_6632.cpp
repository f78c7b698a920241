// SPDX-License-Identifier: Apache-2.0
// A frame is written, with the lock held, to a monitor of the connection that has just been told to close it,
// which needs the lock.
// shape: mixed cycle
// dead: write_frame, monitor
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct idle_framer {
  snag::mutex write_lock;
  snag::chan<void> close, resets;
  bool closed = false;

  void monitor() {
    while (snag::select(snag::on_recv(close), snag::on_recv(resets)) == 1) {
    }
    std::lock_guard hold(write_lock);  // <- dead 1
    closed = true;
  }
  void write_frame() {
    std::lock_guard hold(write_lock);
    if (closed) return;
    resets.send();  // <- dead 1
  }
};

int main() {
  auto f = std::make_shared<idle_framer>();
  snag::go(&idle_framer::monitor, f);
  snag::go(&idle_framer::write_frame, f);
  snag::go([f] { f->close.close(); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
