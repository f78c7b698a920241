// SPDX-License-Identifier: Apache-2.0
#include <snag/println.h>
#include <snag/wait_group.h>

static int balance = 0;

int main() {
  snag::wait_group group;
  group.go([] { balance += 10; });
  balance += 1;
  group.wait();
  snag::println("done");
}
