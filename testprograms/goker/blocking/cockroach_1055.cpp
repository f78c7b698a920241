// SPDX-License-Identifier: Apache-2.0
// Quiescing waits, under the stopper's lock, for workers that nobody counts out, so it never gets to close
// the channel that they wait for.
// shape: mixed cycle
// dead: the workers, quiesce, main
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
      stopping.recv();  // <- dead 3
    });
  }
  void quiesce() {
    std::lock_guard hold(mu);
    drain.wait();  // <- dead 1
  }
  void stop() {
    quiesce();
    stopping.close();
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
  done.recv();  // <- dead 1
}
