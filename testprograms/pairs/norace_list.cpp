// SPDX-License-Identifier: Apache-2.0
// splice hands the nodes over; the channel orders it.
// verdict: clean 20/20
#include <list>

#include <snag/snag.h>

int main() {
  snag::chan<std::list<int>> hand_over;
  snag::wait_group wg;
  wg.go([=] {
    std::list<int> jobs = {1, 2, 3};
    hand_over << std::move(jobs);
  });
  std::list<int> mine = {0};
  std::list<int> got = hand_over.recv();
  mine.splice(mine.end(), got);
  int sum = 0;
  for (int j : mine) sum += j;
  wg.wait();
  return sum != 6;
}
