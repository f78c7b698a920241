// SPDX-License-Identifier: Apache-2.0
// The second order is for those who have seen, under a third lock, that the first is done with.
// verdict: clean 20/20
#include "beside.h"

mutex a, b, flags;
bool done = false;

bool is_done() {
  const guard lock(flags);
  return done;
}

int main() {
  beside all;
  all.go([] {
    {
      const guard first(a);
      const guard second(b);
    }
    const guard lock(flags);
    done = true;
  });
  all.go([] {
    while (!is_done()) give_way();
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
