// SPDX-License-Identifier: Apache-2.0
// One sends while it holds a mutex that the receiver takes, too, before it receives.
// verdict: clean 20/20
// predicted: mixed cycle
#include "../beside.h"

mutex m;

int main() {
  snag::chan<int> order;
  turns turn;
  beside all;
  all.go([&] {
    m.lock();  // <- 1
    m.unlock();
    turn.next();
    order.recv();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard lock(m);
    order.send(1);  // <- 2
  });
  all.wait();
}
