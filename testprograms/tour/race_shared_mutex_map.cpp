// SPDX-License-Identifier: Apache-2.0
// The readers of the map forgot the lock: the size is read while the writer inserts under its lock.
// Lesson: a read lock is a lock; leaving it out is a race, even to ask for the size.
// verdict: race 20/20
// race: data
#include <map>
#include <mutex>

#include <snag/snag.h>

int main() {
  snag::shared_mutex mu;
  std::map<int, int> data;
  snag::wait_group wg;
  wg.go([&] {
    std::unique_lock hold(mu);
    data[1] = 1;  // <- 1
  });
  snag::println("data has {} entries", data.size());  // <- 2
  wg.wait();
}
