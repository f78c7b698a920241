// SPDX-License-Identifier: Apache-2.0
// Goroutines read under a std::shared_mutex; a thread changes the route under it, alone.
// verdict: clean 20/20
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
      seen[i] = route;
    });
  std::thread changer([] {
    std::unique_lock hold(m);
    route = 2;
  });
  all.wait();
  changer.join();
  return seen[0] < 1 || seen[1] < 1 || seen[2] < 1;
}
