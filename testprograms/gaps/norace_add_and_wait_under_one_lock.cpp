// SPDX-License-Identifier: Apache-2.0
// Adds and waits come one after the other, since each is under the lock; whoever is counted is done without
// it. A deadlock is predicted: the goroutine that added is taken for one that has yet to lock, while another
// waits for it.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  snag::mutex m;
  snag::wait_group wg, all;
  all.go([&] {
    const std::lock_guard hold(m);
    wg.go([] {});
  });
  all.go([&] {
    const std::lock_guard hold(m);
    wg.wait();
  });
  all.wait();
  wg.wait();
}
