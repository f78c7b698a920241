// SPDX-License-Identifier: Apache-2.0
// Walking a list while another goroutine links a node into it: the library writes the links.
// verdict: race 20/20
// race: jobs
#include <list>
#include <mutex>

#include <snag/snag.h>

snag::mutex m;
std::list<int> jobs = {1, 2, 3};

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard guard(m);
    jobs.insert(std::next(jobs.begin(), 2), 7);  // <- 1
  });
  int sum = 0;
  {
    // no lock
    for (const int job : jobs) sum += job;  // <- 2
  }
  wg.wait();
  return sum == 0;
}
