// SPDX-License-Identifier: Apache-2.0
// The keepalive gives the lock back before it waits.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct transport {
  snag::mutex mu;
  snag::chan<void> awaken{1};
  int streams = 0;
  bool dormant = false;

  void keepalive() {
    {
      std::lock_guard hold(mu);
      if (streams > 0) return;
      dormant = true;
    }
    awaken.recv();
  }
  void new_stream() {
    std::lock_guard hold(mu);
    ++streams;
    if (dormant) snag::select(snag::on_send(awaken), snag::on_default());
  }
};

int main() {
  auto t = std::make_shared<transport>();
  snag::go(&transport::keepalive, t);
  snag::go(&transport::new_stream, t);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
