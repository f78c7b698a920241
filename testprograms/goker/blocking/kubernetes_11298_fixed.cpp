// SPDX-License-Identifier: Apache-2.0
// The helper looks at what has happened before it waits.
// verdict: clean 20/20
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
      signalled.wait(hold, [&] { return aborted; });
      hold.unlock();
      woken.close();
    });
    abort.recv();
    {
      std::lock_guard hold(mu);
      aborted = true;
      signalled.notify_one();
    }
    woken.recv();
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
  done.recv();
}
