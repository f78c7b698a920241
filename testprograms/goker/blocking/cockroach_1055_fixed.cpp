// SPDX-License-Identifier: Apache-2.0
// The workers are told to stop before they are waited for, and count themselves out.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct stopper {
  snag::mutex mu;
  snag::wait_group drain;
  snag::chan<void> stopping;

  void run_worker() {
    std::lock_guard hold(mu);
    drain.add();
    snag::go([drain = drain, stopping = stopping] {
      stopping.recv();
      drain.done();
    });
  }
  void quiesce() {
    std::lock_guard hold(mu);
    drain.wait();
  }
  void stop() {
    stopping.close();
    quiesce();
  }
};

int main() {
  stopper s;
  for (int i = 0; i < 3; ++i) s.run_worker();
  snag::chan<void> done;
  snag::go([&s, done] {
    s.stop();
    done.close();
  });
  done.recv();
}
