// SPDX-License-Identifier: Apache-2.0
// Walking a map and erasing from it, under one mutex.
// verdict: clean
#include <map>
#include <mutex>

#include <snag/snag.h>

snag::mutex m;
std::map<int, int> ages = {{1, 10}, {2, 20}, {3, 30}, {4, 40}, {5, 50}, {6, 60}};

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard guard(m);
    ages.erase(2);
  });
  int sum = 0;
  {
    std::lock_guard guard(m);
    for (auto at = ages.begin(); at != ages.end(); ++at) sum += at->first;
  }
  wg.wait();
  return sum == 0;
}
