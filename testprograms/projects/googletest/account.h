// SPDX-License-Identifier: Apache-2.0
#pragma once
// An account that several may use at once, if they lock it.
#include <cstdlib>
#include <mutex>

#include <snag/snag.h>

class account {
 public:
  void deposit(int amount) {
    std::lock_guard lock(mutex_);
    balance_ += amount;
  }
  void deposit_unlocked(int amount) { balance_ += amount; }
  void withdraw(int amount) {
    std::lock_guard lock(mutex_);
    if (amount > balance_) std::abort();
    balance_ -= amount;
  }
  int balance() {
    std::lock_guard lock(mutex_);
    return balance_;
  }
  // Sends the balance to whoever asked for it.
  void state(snag::chan<int> to) {
    snag::go([this, to] { to << balance(); });
  }

 private:
  snag::mutex mutex_;
  int balance_ = 0;
};
