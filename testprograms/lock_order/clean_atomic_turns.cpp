// SPDX-License-Identifier: Apache-2.0
// Sections of either order, one at a time: an atomic says whose turn it is.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;
std::atomic<int> turn{0};

void in_turns(int mine, mutex& x, mutex& y) {
  for (int round = 0; round < 5; ++round) {
    while (turn.load() % 2 != mine) give_way();
    {
      const guard first(x);
      const guard second(y);
    }
    ++turn;
  }
}

int main() {
  beside all;
  all.go([] { in_turns(0, a, b); });
  all.go([] { in_turns(1, b, a); });
  all.wait();
}
