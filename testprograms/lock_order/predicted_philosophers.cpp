// SPDX-License-Identifier: Apache-2.0
// Five philosophers: each takes the fork at its left, then the one at its right.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

constexpr int seats = 5;
mutex forks[seats];

void eat(int seat, turns& turn) {
  turn.wait_for(seat);
  {
    const guard left(forks[seat]);
    const guard right(forks[(seat + 1) % seats]);  // <- 1
  }
  turn.next();
}

int main() {
  turns turn;
  beside table;
  for (int seat = 0; seat < seats; ++seat) table.go([&, seat] { eat(seat, turn); });
  table.wait();
}
