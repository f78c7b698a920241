// SPDX-License-Identifier: Apache-2.0
// A controller may report that it is done before the test has said how many reports to wait for.
// shape: misuse (negative WaitGroup)
// race: reports
// panic: sync: negative WaitGroup counter
#include <snag/snag.h>

int main() {
  snag::wait_group reports;
  snag::chan<int> pods(3);
  snag::go([=] {
    for ([[maybe_unused]] int pod : pods) reports.done();  // <- 1
  });
  for (int pod = 0; pod < 3; ++pod) pods << pod;
  reports.add(3);  // <- 2
  reports.wait();
  pods.close();
}
