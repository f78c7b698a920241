// SPDX-License-Identifier: Apache-2.0
// A stopper waits for its workers while a goroutine that was not counted yet starts another one.
// shape: misuse (WaitGroup add beside wait)
// race: drain
#include <atomic>

#include <snag/snag.h>

struct stopper {
  snag::wait_group drain;
  std::atomic<int> tasks = 0;

  void run_worker() {
    drain.add(1);  // <- 1
    snag::go([this] {
      ++tasks;
      drain.done();
    });
  }
  void stop() {
    drain.wait();  // <- 2
  }
};

int main() {
  stopper s;
  snag::chan<void> sent;
  snag::go([&s, sent] {
    s.run_worker();
    sent.close();
  });
  s.stop();
  sent.recv();
  s.drain.wait();
}
