// SPDX-License-Identifier: Apache-2.0
// A dormant keepalive waits for a wake-up with the transport locked; a new stream, which would wake it, locks
// the transport first.
// shape: mixed cycle
// dead: keepalive, new_stream
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct transport {
  snag::mutex mu;
  snag::chan<void> awaken{1};
  int streams = 0;
  bool dormant = false;

  void keepalive() {
    std::lock_guard hold(mu);
    if (streams > 0) return;
    dormant = true;
    awaken.recv();  // <- dead 1
  }
  void new_stream() {
    std::lock_guard hold(mu);  // <- dead 1
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
