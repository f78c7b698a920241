// SPDX-License-Identifier: Apache-2.0
// A publisher counts an item as pending, plainly, when the worker may have taken it and count it down.
// shape: race
// race: pending
#include <atomic>

#include <snag/snag.h>

struct status_prober {
  snag::chan<int> queue{4};
  int pending = 0;

  void publish(int item) {
    queue << item;
    pending += 1;  // <- 1
  }
  void work() {
    while (queue.next()) std::atomic_ref(pending).fetch_sub(1);  // <- 2
  }
};

int main() {
  status_prober p;
  snag::wait_group worker;
  worker.go([&] { p.work(); });
  for (int item = 0; item < 2; ++item) p.publish(item);
  p.queue.close();
  worker.wait();
}
