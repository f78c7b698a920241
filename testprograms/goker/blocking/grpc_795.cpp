// SPDX-License-Identifier: Apache-2.0
// A graceful stop returns early with the server locked; the second one, and the loop that serves, wait for
// the lock.
// shape: self-lock
// dead: serve, main in graceful_stop
#include <mutex>

#include <snag/snag.h>

struct server {
  snag::mutex mu;
  bool draining = false, stopped = false;

  void serve() {
    for (;;) {
      std::lock_guard hold(mu);  // <- dead 1
      if (stopped) return;
    }
  }
  void graceful_stop() {
    mu.lock();  // <- dead 1
    if (!draining) {
      draining = true;
      return;
    }
    stopped = true;
    mu.unlock();
  }
};

int main() {
  server s;
  snag::wait_group serving;
  serving.go([&] { s.serve(); });
  s.graceful_stop();
  s.graceful_stop();
  serving.wait();
}
