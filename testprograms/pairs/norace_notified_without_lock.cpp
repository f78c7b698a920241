// SPDX-License-Identifier: Apache-2.0
// A notification comes after the wait, since its sender could lock only then; whoever it wakes has learned
// what was done before it, also outside of the lock, and also if it had not fallen asleep yet.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  snag::mutex mutex;
  snag::condition_variable changed;
  int number = 0;
  std::unique_lock hold(mutex);
  snag::go([&] {
    {
      std::lock_guard once_it_waits(mutex);
    }
    number = 1;
    changed.notify_one();
  });
  changed.wait(hold);
  return number == 1 ? 0 : 1;
}
