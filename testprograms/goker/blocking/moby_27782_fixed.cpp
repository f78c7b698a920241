// SPDX-License-Identifier: Apache-2.0
// The reader tells of every event, before it offers it.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct watcher {
  snag::mutex mu;
  snag::condition_variable ignored;
  bool removed = false;
  snag::chan<int> kernel{2}, events;
  snag::chan<void> done;
  static constexpr int write = 1, remove_event = 2;

  void read_events() {
    for (int event : kernel) {
      {
        std::lock_guard hold(mu);
        removed = true;
        ignored.notify_all();
      }
      const int chosen = snag::select(snag::on_send(events, event), snag::on_recv(done));
      if (chosen == 1) return;
    }
  }
  void remove() {
    kernel << remove_event;
    std::unique_lock hold(mu);
    while (!removed) ignored.wait(hold);
  }
  void close() { done.close(); }
};

int main() {
  auto w = std::make_shared<watcher>();
  w->kernel << watcher::write;
  snag::go(&watcher::read_events, w);
  snag::go([w] {
    snag::defer closed([&] { w->close(); });
    snag::select(snag::on_recv(w->events), snag::on_default());
    w->remove();
  });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
