// SPDX-License-Identifier: Apache-2.0
// Two requests compete for a breaker's one slot. The second has it and waits for its lock, which main gives
// back after the first was accepted; the first waits for the slot.
// shape: mixed cycle
// dead: acquire, serve, main
#include <snag/snag.h>

struct breaker {
  snag::chan<void> active{1};
  void acquire() {
    active.send();  // <- dead 1
  }
  void release() { active.recv(); }
};

struct request {
  snag::mutex mu;
  snag::chan<void> accepted{1};
};

void serve(breaker& b, request& r) {
  b.acquire();
  r.accepted.send();
  r.mu.lock();  // <- dead 1
  r.mu.unlock();
  b.release();
}

int main() {
  breaker b;
  request first, second;
  first.mu.lock();
  second.mu.lock();
  snag::wait_group wg;
  wg.go([&] { serve(b, first); });
  wg.go([&] { serve(b, second); });
  first.accepted.recv();  // <- dead 1
  first.mu.unlock();
  second.accepted.recv();
  second.mu.unlock();
  wg.wait();
}
