// SPDX-License-Identifier: Apache-2.0
// The second order is for those who have seen an atomic that is set after the first.
// verdict: clean 20/20
#include "beside.h"

mutex a, b;
std::atomic<bool> done{false};

int main() {
  beside all;
  all.go([] {
    {
      const guard first(a);
      const guard second(b);
    }
    done.store(true, std::memory_order_release);
  });
  all.go([] {
    while (!done.load(std::memory_order_acquire)) give_way();
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
