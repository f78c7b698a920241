// SPDX-License-Identifier: Apache-2.0
// The second order begins when a condition variable says that the first is over.
// verdict: clean 20/20
#include <condition_variable>

#include "../beside.h"

mutex a, b, state;
std::condition_variable changed;
bool over = false;

int main() {
  beside all;
  all.go([] {
    {
      const guard first(a);
      const guard second(b);
    }
    const guard lock(state);
    over = true;
    changed.notify_one();
  });
  all.go([] {
    {
      std::unique_lock lock(state);
      changed.wait(lock, [] { return over; });
    }
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
