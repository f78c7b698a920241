// SPDX-License-Identifier: Apache-2.0
// As clean_flag, but who sees the flag starts another one for the second order.
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
    beside child;
    child.go([] {
      const guard first(b);
      const guard second(a);
    });
    child.wait();
  });
  all.wait();
}
