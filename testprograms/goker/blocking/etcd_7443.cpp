// SPDX-License-Identifier: Apache-2.0
// An address that comes up is announced with two locks held; the only one who listens wants the connection's,
// to tear it down, and closing wants the balancer's.
// shape: mixed cycle
// dead: up, tear_down, main in close
#include <mutex>

#include <snag/snag.h>

struct balancer {
  snag::mutex mu;
  snag::chan<int> notify{1};
  bool closed = false;

  void up(int address) {
    std::lock_guard hold(mu);
    if (closed) return;
    notify << address;  // <- dead 1
  }
  void close() {
    std::lock_guard hold(mu);  // <- dead 1
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
    std::lock_guard hold(mu);  // <- dead 1
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
