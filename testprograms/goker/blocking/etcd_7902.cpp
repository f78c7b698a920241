// SPDX-License-Identifier: Apache-2.0
// A follower waits for the leader with the round locked; the leader needs that lock to let go.
// shape: mixed cycle
// dead: both followers, release, elect
#include <mutex>

#include <snag/snag.h>

struct election {
  snag::mutex round;
  snag::chan<void> next;
  int steps = 0;

  void follow() {
    std::lock_guard hold(round);  // <- dead 1
    next.recv();                  // <- dead 1
    ++steps;
  }
  void release() {
    std::lock_guard hold(round);  // <- dead 1
    ++steps;
    next.close();
  }
};

void elect() {
  election e;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { e.follow(); });
  wg.go([&] { e.release(); });
  wg.wait();  // <- dead 1
}

int main() {
  snag::go(elect);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
