// SPDX-License-Identifier: Apache-2.0
// Workers are counted under the lock that says whether the stopper still takes any.
// verdict: clean 20/20
#include <atomic>
#include <mutex>

#include <snag/snag.h>

struct stopper {
  snag::mutex mu;
  bool stopping = false;
  snag::wait_group drain;
  std::atomic<int> tasks = 0;

  void run_worker() {
    std::lock_guard hold(mu);
    if (stopping) return;
    drain.add(1);
    snag::go([this] {
      ++tasks;
      drain.done();
    });
  }
  void stop() {
    {
      std::lock_guard hold(mu);
      stopping = true;
    }
    drain.wait();
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
