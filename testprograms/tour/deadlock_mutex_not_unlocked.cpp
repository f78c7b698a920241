// SPDX-License-Identifier: Apache-2.0
// An early return leaves the mutex locked; the next one to lock it waits for ever.
// Lesson: never pair lock and unlock by hand where a return or an exception can come between.
// verdict: deadlock 20/20
// also: misuse
#include <snag/snag.h>

snag::mutex mu;
int balance = 10;

bool withdraw(int amount) {
  mu.lock();
  if (balance < amount) return false;
  balance -= amount;
  mu.unlock();
  return true;
}

int main() {
  withdraw(20);
  withdraw(5);
  snag::println("balance {}", balance);
}
