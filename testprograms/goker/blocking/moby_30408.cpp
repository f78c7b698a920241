// SPDX-License-Identifier: Apache-2.0
// Activating a plug-in fails: that is written down, but who waits for its manifest is neither woken nor looks
// at the failure.
// shape: orphan
// dead: wait_active, main
#include <mutex>
#include <string>

#include <snag/snag.h>

struct plugin {
  snag::mutex mu;
  snag::condition_variable activated;
  std::string manifest, failure;

  void wait_active() {
    std::unique_lock hold(mu);
    while (manifest.empty()) activated.wait(hold);  // <- dead 1
  }
  void activate(bool reachable) {
    std::lock_guard hold(mu);
    if (!reachable) {
      failure = "connection refused";
      return;
    }
    manifest = "volume";
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
  p.activate(false);
  done.recv();  // <- dead 1
}
