// SPDX-License-Identifier: Apache-2.0
// Who would close the circle only tries, and gives up.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;

int main() {
  beside all;
  all.go([] {
    const guard first(a);
    const guard second(b);
  });
  all.go([] {
    const guard first(b);
    if (a.try_lock()) a.unlock();
  });
  all.wait();
}
