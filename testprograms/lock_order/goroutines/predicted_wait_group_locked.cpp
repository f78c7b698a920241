// SPDX-License-Identifier: Apache-2.0
// Main waits for its goroutines while it holds a mutex that they take, too.
// verdict: clean 20/20
// predicted: mixed cycle
#include "../beside.h"

mutex m;
int sum = 0;

int main() {
  turns turn;
  snag::wait_group all;
  all.go([&] {
    m.lock();  // <- 1
    m.unlock();
    turn.next();
  });
  turn.wait_for(1);
  m.lock();
  all.wait();  // <- 2
  m.unlock();
}
