// SPDX-License-Identifier: Apache-2.0
// A local variable whose address others may have ends with its block, parameters with their function, and only after
// a release somebody is told. Main's outermost variables end with the program.
//
// RUN: %snagxx -O0 %s %link -o %t0 && %t0 | FileCheck %s
// RUN: %snagxx -O2 %s %link -o %t2 && %t2 | FileCheck %s
#include <cstdio>

#include "logging_hooks.h"

#define KEEP __attribute__((noinline))

extern int* known;
int* known = nullptr;
KEEP void tell(int* p) { known = p; }

KEEP void rounds() {
  for (int i = 0; i < 2; ++i) {
    int round = i;
    tell(&round);
    new_epoch();
  }
}

KEEP void parameter(int given) {
  tell(&given);
  new_epoch();
}

KEEP void unreleased() {
  int quiet = 0;
  tell(&quiet);
}

KEEP void untold(int n) {
  int own[4] = {};
  own[n & 3] = n;
  new_epoch();
}

KEEP void thrown() {
  int lost = 0;
  tell(&lost);
  new_epoch();
  throw 1;
}

KEEP void passed_through() {
  struct at_end {
    ~at_end() { std::puts("cleanup"); }
  } cleanup;
  int passed = 0;
  tell(&passed);
  try {
    thrown();
  } catch (long) {
  }
}

int main() {
  int outermost = 0;
  tell(&outermost);
  log_begin();
  // CHECK: end of scope 4 {{.*}}in rounds
  // CHECK: end of scope 4 {{.*}}in rounds
  rounds();
  // CHECK: end of scope 4 {{.*}}in parameter
  parameter(1);
  // CHECK-NOT: end of scope {{.*}}in unreleased
  unreleased();
  // CHECK-NOT: end of scope {{.*}}in untold
  untold(1);
  // CHECK: end of scope 4 {{.*}}in passed_through
  try {
    passed_through();
  } catch (int) {
  }
  {
    int inner = 0;
    tell(&inner);
    new_epoch();
  }
  // CHECK: end of scope 4 {{.*}}in main
  // CHECK-NOT: end of scope
}
