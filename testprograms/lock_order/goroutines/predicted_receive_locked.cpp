// SPDX-License-Identifier: Apache-2.0
// One receives while it holds a mutex that the sender takes, too, before it sends.
// verdict: clean 20/20
// predicted: mixed cycle
#include "../beside.h"

mutex m;

int main() {
  snag::chan<int> answer;
  turns turn;
  beside all;
  all.go([&] {
    {
      const guard lock(m);  // <- 1
    }
    turn.next();
    answer.send(42);
  });
  all.go([&] {
    turn.wait_for(1);
    const guard lock(m);
    answer.recv();  // <- 2
  });
  all.wait();
}
