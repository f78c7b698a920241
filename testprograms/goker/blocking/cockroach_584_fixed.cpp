// SPDX-License-Identifier: Apache-2.0
// The lock is a scope's.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct gossip {
  snag::mutex mu;
  bool closed = false;
  int rounds = 0;

  void bootstrap() {
    for (;;) {
      std::lock_guard hold(mu);
      if (closed) break;
      ++rounds;
    }
  }
  void manage() {
    std::lock_guard hold(mu);
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
