// SPDX-License-Identifier: Apache-2.0
// Goroutines read under a std::shared_mutex; the thread that changes the route holds it as a reader.
// verdict: race 20/20
// race: route
#include <mutex>
#include <shared_mutex>
#include <thread>

#include <snag/snag.h>

std::shared_mutex m;
int route = 1;

int main() {
  int seen[3] = {};
  snag::wait_group all;
  for (int i = 0; i < 3; ++i)
    all.go([&seen, i] {
      std::shared_lock hold(m);
      snag::yield();
      seen[i] = route;  // <- 1
    });
  std::thread changer([] {
    std::shared_lock hold(m);
    route = 2;  // <- 2
  });
  all.wait();
  changer.join();
  return seen[0] < 1 || seen[1] < 1 || seen[2] < 1;
}
