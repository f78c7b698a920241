// SPDX-License-Identifier: Apache-2.0
// The announcement gives way if there is one that nobody has heard yet.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct balancer {
  snag::mutex mu;
  snag::chan<int> notify{1};
  bool closed = false;

  void up(int address) {
    std::lock_guard hold(mu);
    if (closed) return;
    snag::select(snag::on_send(notify, address), snag::on_default());
  }
  void close() {
    std::lock_guard hold(mu);
    closed = true;
    notify.close();
  }
};

struct connection {
  explicit connection(balancer& of) : b(of) {}
  snag::mutex mu;
  balancer& b;
  int state = 0;

  void reconnect() {
    for (int address = 1; address <= 4; ++address) {
      std::lock_guard hold(mu);
      state = address;
      b.up(address);
    }
  }
  void tear_down() {
    std::lock_guard hold(mu);
    state = 0;
  }
};

int main() {
  balancer b;
  connection c(b);
  snag::wait_group wg;
  wg.go([&] { c.reconnect(); });
  wg.go([&] {
    for ([[maybe_unused]] int address : b.notify) c.tear_down();
  });
  for (int i = 0; i < 20; ++i) snag::yield();
  b.close();
  wg.wait();
}
