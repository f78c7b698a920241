// SPDX-License-Identifier: Apache-2.0
// Two goroutines, two fields of one object: different memory locations.
// verdict: clean 20/20
#include <snag/snag.h>

struct account {
  int id = 1;
  int balance = 0;
};

int main() {
  account a;
  snag::wait_group wg;
  wg.go([&] { a.balance += 10; });
  a.id = 2;
  wg.wait();
  return a.balance + a.id != 12;
}
