// SPDX-License-Identifier: Apache-2.0
// Calls with different keys are not ordered.
// verdict: race 20/20
// race: fetched
#include <snag/snag.h>

int main() {
  int fetched = 0;
  snag::single_flight<int, int> flights;
  snag::wait_group wg;
  wg.go([&] { (void)flights.call(1, [&] { return ++fetched; }); });  // <- 1 2
  (void)flights.call(2, [&] { return ++fetched; });                  // <- 1 2
  wg.wait();
  return fetched > 2;
}
