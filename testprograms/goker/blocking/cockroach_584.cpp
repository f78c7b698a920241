// SPDX-License-Identifier: Apache-2.0
// The bootstrap of a gossip network leaves its loop with the lock held, and goes on to lock it.
// shape: self-lock
// dead: manage
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct gossip {
  snag::mutex mu;
  bool closed = false;
  int rounds = 0;

  void bootstrap() {
    for (;;) {
      mu.lock();
      if (closed) break;
      ++rounds;
      mu.unlock();
    }
  }
  void manage() {
    std::lock_guard hold(mu);  // <- dead 1
    ++rounds;
  }
  void close() {
    std::lock_guard hold(mu);
    closed = true;
  }
};

int main() {
  auto g = std::make_shared<gossip>();
  g->close();
  snag::go([g] {
    g->bootstrap();
    g->manage();
  });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
