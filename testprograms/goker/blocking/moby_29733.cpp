// SPDX-License-Identifier: Apache-2.0
// A plug-in is waited for until it is active, which nothing ever makes it.
// shape: orphan
// dead: wait_active, main
#include <mutex>

#include <snag/snag.h>

struct plugin {
  snag::mutex mu;
  snag::condition_variable activated;
  bool active = false;

  void wait_active() {
    std::unique_lock hold(mu);
    while (!active) activated.wait(hold);  // <- dead 1
  }
};

int main() {
  plugin p;
  snag::chan<void> done;
  snag::go([&p, done] {
    p.wait_active();
    done.close();
  });
  done.recv();  // <- dead 1
}
