// SPDX-License-Identifier: Apache-2.0
// The callback runs after the lessor is unlocked.
// verdict: clean 20/20
#include <functional>
#include <mutex>

#include <snag/snag.h>

struct lessor {
  snag::mutex mu;
  std::function<void(int)> checkpointer;
  int checkpoints = 0, renewals = 0;

  void checkpoint(int id) {
    std::lock_guard hold(mu);
    checkpoints += id;
  }
  void renew(int id) {
    {
      std::lock_guard hold(mu);
      ++renewals;
    }
    if (checkpointer) checkpointer(id);
  }
};

int main() {
  lessor l;
  l.checkpointer = [&l](int id) { l.checkpoint(id); };
  l.renew(1);
}
