// SPDX-License-Identifier: Apache-2.0
// A failure wakes as well, and ends the waiting.
// verdict: clean 20/20
#include <mutex>
#include <string>

#include <snag/snag.h>

struct plugin {
  snag::mutex mu;
  snag::condition_variable activated;
  std::string manifest, failure;

  void wait_active() {
    std::unique_lock hold(mu);
    while (manifest.empty() && failure.empty()) activated.wait(hold);
  }
  void activate(bool reachable) {
    std::lock_guard hold(mu);
    if (!reachable) {
      failure = "connection refused";
      activated.notify_all();
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
  done.recv();
}
