// SPDX-License-Identifier: Apache-2.0
// One waits for the end of a channel while it holds a mutex that who closes it takes first.
// verdict: clean 20/20
// predicted: mixed cycle
#include "../beside.h"

mutex m;

int main() {
  snag::chan<int> over;
  turns turn;
  beside all;
  all.go([&] {
    m.lock();  // <- 1
    m.unlock();
    turn.next();
    over.close();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard lock(m);
    over.recv();  // <- 2
  });
  all.wait();
}
