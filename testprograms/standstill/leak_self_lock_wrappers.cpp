// SPDX-License-Identifier: Apache-2.0
// A method that locks calls another one that locks: the thread waits for itself, and the rest goes on.
// verdict: leak 20/20
// shape: self-lock
#include <mutex>
#include <thread>

#include "look.h"

class account {
 public:
  void deposit(int amount) {
    const std::lock_guard hold(mutex_);
    balance_ += amount;
  }
  void deposit_with_bonus(int amount) {
    const std::lock_guard hold(mutex_);
    deposit(amount + 1);
  }

 private:
  std::mutex mutex_;
  int balance_ = 0;
};

account savings;

int main() {
  std::thread([] { savings.deposit_with_bonus(100); }).detach();
  await_finding();
}
