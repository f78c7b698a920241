// SPDX-License-Identifier: Apache-2.0
// Locks that come to stand where others were are others.
// verdict: clean 20/20
#include "beside.h"

int main() {
  turns turn;
  beside all;
  all.go([&] {
    auto* const locks = new mutex[2];
    {
      const guard first(locks[0]);
      const guard second(locks[1]);
    }
    delete[] locks;
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    auto* const locks = new mutex[2];
    {
      const guard first(locks[1]);
      const guard second(locks[0]);
    }
    delete[] locks;
  });
  all.wait();
}
