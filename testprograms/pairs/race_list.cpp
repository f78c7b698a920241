// SPDX-License-Identifier: Apache-2.0
// Appending links the new node to the last one, which the reader is walking over.
// verdict: race 20/20
// race: jobs
#include <chrono>
#include <list>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  std::list<int> jobs = {1, 2};
  int sum = 0;
  snag::wait_group wg;
  wg.go([&] { jobs.push_back(3); });  // <- 1
  snag::sleep_for(5ms);
  for (int j : jobs) sum += j;  // <- 2
  wg.wait();
  return sum == 70;
}
