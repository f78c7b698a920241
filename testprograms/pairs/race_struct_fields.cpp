// SPDX-License-Identifier: Apache-2.0
// Two goroutines, one field.
// verdict: race 20/20
// race: balance account
#include <snag/snag.h>

struct account {
  int id = 1;
  int balance = 0;
};

int main() {
  account a;
  snag::wait_group wg;
  wg.go([&] { a.balance += 10; });  // <- 1
  a.balance -= 3;                   // <- 2
  wg.wait();
  return a.balance == 70;
}
