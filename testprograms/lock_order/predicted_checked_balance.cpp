// SPDX-License-Identifier: Apache-2.0
// What the first lock guards is looked at before the second is taken: the section itself is not ordered by
// that.
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
      if (my_money > 0) {
        const guard to(yours);  // <- 1
        --my_money, ++your_money;
      }
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard from(yours);
    if (your_money > 0) {
      const guard to(mine);  // <- 2
      --your_money, ++my_money;
    }
  });
  all.wait();
}
