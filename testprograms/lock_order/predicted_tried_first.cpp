// SPDX-License-Identifier: Apache-2.0
// A lock that was got by trying is held like any other.
// verdict: clean 20/20
// predicted: lock cycle
#include "beside.h"

mutex a, b;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    if (a.try_lock()) {
      b.lock();  // <- 1
      b.unlock();
      a.unlock();
    }
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    const guard first(b);
    const guard second(a);  // <- 2
  });
  all.wait();
}
