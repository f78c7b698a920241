// SPDX-License-Identifier: Apache-2.0
#include <snag/wait_group.h>

#include "two_units.h"

int main() {
  account ours;
  snag::wait_group group;
  group.go([&] { ours.deposit(10); });
  ours.balance -= 1;
  group.wait();
}
