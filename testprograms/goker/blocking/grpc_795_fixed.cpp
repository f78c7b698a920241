// SPDX-License-Identifier: Apache-2.0
// The lock is a scope's.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct server {
  snag::mutex mu;
  bool draining = false, stopped = false;

  void serve() {
    for (;;) {
      std::lock_guard hold(mu);
      if (stopped) return;
    }
  }
  void graceful_stop() {
    std::lock_guard hold(mu);
    if (!draining) {
      draining = true;
      return;
    }
    stopped = true;
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
