// SPDX-License-Identifier: Apache-2.0
// Release when leaving, acquire for whoever turns out to be last: the delete comes after all uses.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct object {
  int hits[2] = {0, 0};
  std::atomic<int> owners = 2;
};

void use_and_leave(object* o, int me) {
  o->hits[me] = 1;
  if (o->owners.fetch_sub(1, std::memory_order_release) == 1) {
    std::atomic_thread_fence(std::memory_order_acquire);
    delete o;
  }
}

int main() {
  auto* o = new object;
  snag::wait_group wg;
  wg.go([=] { use_and_leave(o, 0); });
  wg.go([=] { use_and_leave(o, 1); });
  wg.wait();
  return 0;
}
