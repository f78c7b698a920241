// SPDX-License-Identifier: Apache-2.0
// The cured twin: the unlock is deferred right after the lock.
// Lesson: defer, or std::lock_guard, unlocks on every way out.
// verdict: clean 20/20
// stdout: ^balance 5\n$
#include <snag/snag.h>

snag::mutex mu;
int balance = 10;

bool withdraw(int amount) {
  mu.lock();
  snag::defer unlock([] { mu.unlock(); });
  if (balance < amount) return false;
  balance -= amount;
  return true;
}

int main() {
  snag::wait_group wg;
  wg.go([] { withdraw(20); });
  wg.go([] { withdraw(5); });
  wg.wait();
  snag::println("balance {}", balance);
}
