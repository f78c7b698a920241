// SPDX-License-Identifier: Apache-2.0
// The reports are counted before the controller starts.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group reports;
  snag::chan<int> pods(3);
  reports.add(3);
  snag::go([=] {
    for ([[maybe_unused]] int pod : pods) reports.done();
  });
  for (int pod = 0; pod < 3; ++pod) pods << pod;
  reports.wait();
  pods.close();
}
