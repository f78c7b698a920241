// SPDX-License-Identifier: Apache-2.0
// It is counted before it is in the queue, and atomically.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct status_prober {
  snag::chan<int> queue{4};
  int pending = 0;

  void publish(int item) {
    std::atomic_ref(pending).fetch_add(1);
    queue << item;
  }
  void work() {
    while (queue.next()) std::atomic_ref(pending).fetch_sub(1);
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
