// SPDX-License-Identifier: Apache-2.0
// Both are let go before either is waited for.
// verdict: clean 20/20
#include <snag/snag.h>

struct breaker {
  snag::chan<void> active{1};
  void acquire() { active.send(); }
  void release() { active.recv(); }
};

struct request {
  snag::mutex mu;
  snag::chan<void> accepted{1};
};

void serve(breaker& b, request& r) {
  b.acquire();
  r.accepted.send();
  r.mu.lock();
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
  first.mu.unlock();
  second.mu.unlock();
  first.accepted.recv();
  second.accepted.recv();
  wg.wait();
}
