// SPDX-License-Identifier: Apache-2.0
// Walking a map while another goroutine erases from it: the library rewrites the tree's links.
// verdict: race 20/20
// race: ages
#include <map>
#include <mutex>

#include <snag/snag.h>

snag::mutex m;
std::map<int, int> ages = {{1, 10}, {2, 20}, {3, 30}, {4, 40}, {5, 50}, {6, 60}};

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard guard(m);
    ages.erase(2);  // <- 1
  });
  int sum = 0;
  {
    // no lock
    for (auto at = ages.begin(); at != ages.end(); ++at) sum += at->first;  // <- 2
  }
  wg.wait();
  return sum == 0;
}
