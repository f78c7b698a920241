// SPDX-License-Identifier: Apache-2.0
// Two accounts, money sent both ways: each way locks its sender first.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex mine, yours;
int my_money = 5, your_money = 5;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard from(mine);
      const guard to(yours);  // <- 1
      --my_money, ++your_money;
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard from(yours);
    const guard to(mine);  // <- 2
    --your_money, ++my_money;
  });
  all.wait();
}
