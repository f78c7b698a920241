// SPDX-License-Identifier: Apache-2.0
// Activating it tells those who wait.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct plugin {
  snag::mutex mu;
  snag::condition_variable activated;
  bool active = false;

  void wait_active() {
    std::unique_lock hold(mu);
    while (!active) activated.wait(hold);
  }
  void activate() {
    std::lock_guard hold(mu);
    active = true;
    activated.notify_all();
  }
};

int main() {
  plugin p;
  snag::chan<void> done;
  snag::go([&p, done] {
    p.wait_active();
    done.close();
  });
  p.activate();
  done.recv();
}
