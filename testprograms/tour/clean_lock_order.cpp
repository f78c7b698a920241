// SPDX-License-Identifier: Apache-2.0
// The cured twin: std::scoped_lock takes both mutexes without a fixed order and without deadlock.
// Lesson: snag::mutex works with the standard library's lock types.
// verdict: clean 20/20
// stdout: ^balances 90 110\n$
#include <mutex>

#include <snag/snag.h>

struct account {
  snag::mutex m;
  int balance = 100;
};

void transfer(account& from, account& to, int amount) {
  std::scoped_lock hold(from.m, to.m);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  account a, b;
  snag::wait_group wg;
  wg.go([&] { transfer(a, b, 30); });
  wg.go([&] { transfer(b, a, 20); });
  wg.wait();
  snag::println("balances {} {}", a.balance, b.balance);
}
