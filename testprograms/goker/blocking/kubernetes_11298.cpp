// SPDX-License-Identifier: Apache-2.0
// A loop signals its helper once, before the helper waits, and then waits for the helper.
// shape: lost wake-up
// dead: the helper, run, main
#include <mutex>

#include <snag/snag.h>

struct service_loop {
  snag::mutex mu;
  snag::condition_variable signalled;
  bool aborted = false;
  snag::chan<void> abort;

  void run() {
    snag::chan<void> woken;
    snag::go([this, woken] {
      std::unique_lock hold(mu);
      signalled.wait(hold);  // <- dead 1
      hold.unlock();
      woken.close();
    });
    abort.recv();
    {
      std::lock_guard hold(mu);
      aborted = true;
      signalled.notify_one();
    }
    woken.recv();  // <- dead 1
  }
};

int main() {
  service_loop s;
  snag::chan<void> done;
  snag::go([&s, done] {
    s.run();
    done.close();
  });
  s.abort.close();
  done.recv();  // <- dead 1
}
