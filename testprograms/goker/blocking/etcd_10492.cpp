// SPDX-License-Identifier: Apache-2.0
// Renewing a lease calls back, with the lessor locked, into a function that locks the lessor.
// shape: self-lock
// dead: checkpoint, called by main
#include <functional>
#include <mutex>

#include <snag/snag.h>

struct lessor {
  snag::mutex mu;
  std::function<void(int)> checkpointer;
  int checkpoints = 0, renewals = 0;

  void checkpoint(int id) {
    std::lock_guard hold(mu);  // <- dead 1
    checkpoints += id;
  }
  void renew(int id) {
    std::lock_guard hold(mu);
    ++renewals;
    if (checkpointer) checkpointer(id);
  }
};

int main() {
  lessor l;
  l.checkpointer = [&l](int id) { l.checkpoint(id); };
  l.renew(1);
}
