// SPDX-License-Identifier: Apache-2.0
// Work in a queue under a lock of its own; the second order belongs to what was put there after the first.
// verdict: clean 20/20
#include "beside.h"

#include <deque>

mutex a, b, queue_lock;
std::deque<int> work;

bool take(int& item) {
  const guard lock(queue_lock);
  if (work.empty()) return false;
  item = work.front();
  work.pop_front();
  return true;
}

int main() {
  beside all;
  all.go([] {
    {
      const guard first(a);
      const guard second(b);
    }
    const guard lock(queue_lock);
    work.push_back(7);
  });
  all.go([] {
    int item = 0;
    while (!take(item)) give_way();
    const guard first(b);
    const guard second(a);
  });
  all.wait();
}
