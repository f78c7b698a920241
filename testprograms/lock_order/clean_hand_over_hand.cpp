// SPDX-License-Identifier: Apache-2.0
// A list whose nodes are locked hand over hand, by many.
// verdict: clean 20/20
#include "beside.h"

constexpr int nodes = 50;
mutex locks[nodes];

int main() {
  beside all;
  for (int i = 0; i < 4; ++i)
    all.go([] {
      locks[0].lock();
      for (int n = 1; n < nodes; ++n) {
        locks[n].lock();
        locks[n - 1].unlock();
      }
      locks[nodes - 1].unlock();
    });
  all.wait();
}
