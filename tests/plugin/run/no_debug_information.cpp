// SPDX-License-Identifier: Apache-2.0
// Without debug information (which the driver always asks for) there are still names, and the function.
//
// RUN: %snagxx -g0 -O0 %s %link -o %t0 && %t0 > %t.out && FileCheck %s < %t.out
// RUN: %snagxx -g0 -O2 %s %link -o %t2 && %t2 > %t.out && FileCheck %s < %t.out
#include "logging_hooks.h"

struct account {
  long id, balance;
  __attribute__((noinline)) void deposit(long n) { balance += n; }
};
int counter;
account shared;

int main() {
  log_begin();
  // CHECK: write 4 counter `counter` type=int {{.*}}at no_debug_information.cpp:[[@LINE-2]] in main
  counter = 1;
  // CHECK: write 8 account::balance {{.*}}type=long declared=no_debug_information.cpp:[[@LINE-10]] at no_debug_information.cpp:[[@LINE-9]] in account::deposit <
  shared.deposit(2);
  log_end();
}
