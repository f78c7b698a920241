// SPDX-License-Identifier: Apache-2.0
// Followers wait before they lock the round.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct election {
  snag::mutex round;
  snag::chan<void> next;
  int steps = 0;

  void follow() {
    next.recv();
    std::lock_guard hold(round);
    ++steps;
  }
  void release() {
    std::lock_guard hold(round);
    ++steps;
    next.close();
  }
};

void elect() {
  election e;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { e.follow(); });
  wg.go([&] { e.release(); });
  wg.wait();
}

int main() {
  snag::go(elect);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
