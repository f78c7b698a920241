// SPDX-License-Identifier: Apache-2.0
// The last owner frees the object; a relaxed decrement does not order the others' uses before the delete.
// verdict: race 20/20
// race: hits object owners
#include <atomic>

#include <snag/snag.h>

struct object {
  int hits[2] = {0, 0};
  std::atomic<int> owners = 2;
};

void use_and_leave(object* o, int me) {
  o->hits[me] = 1;                                                       // <- 1
  if (o->owners.fetch_sub(1, std::memory_order_relaxed) == 1) delete o;  // <- 1 2
}

int main() {
  auto* o = new object;
  snag::wait_group wg;
  wg.go([=] { use_and_leave(o, 0); });
  wg.go([=] { use_and_leave(o, 1); });
  wg.wait();
  return 0;
}
