// SPDX-License-Identifier: Apache-2.0
// Walking a list and linking nodes into it, under one mutex.
// verdict: clean
#include <list>
#include <mutex>

#include <snag/snag.h>

snag::mutex m;
std::list<int> jobs = {1, 2, 3};

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::lock_guard guard(m);
    jobs.insert(std::next(jobs.begin(), 2), 7);
  });
  int sum = 0;
  {
    std::lock_guard guard(m);
    for (const int job : jobs) sum += job;
  }
  wg.wait();
  return sum == 0;
}
