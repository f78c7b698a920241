// SPDX-License-Identifier: Apache-2.0
// One goroutine owns the balance; the others send it what to do.
// Lesson: do not communicate by sharing memory; share memory by communicating.
// verdict: clean 20/20
// stdout: ^balance 55\n$
#include <snag/snag.h>

int main() {
  snag::chan<int> deposits;
  snag::chan<int> final_balance;
  snag::go([=] {
    int balance = 0;
    for (int d : deposits) balance += d;
    final_balance << balance;
  });
  snag::wait_group wg;
  for (int i = 1; i <= 10; ++i) wg.go([=] { deposits << i; });
  wg.wait();
  deposits.close();
  snag::println("balance {}", final_balance.recv());
}
