// SPDX-License-Identifier: Apache-2.0
// The channel is shared safely; the variable that holds the handle is not.
// verdict: race 20/20
// race: results
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::chan<int> results(1);
  snag::wait_group wg;
  wg.go([&] { results = snag::chan<int>(2); });  // <- 1
  snag::sleep_for(5ms);
  auto mine = results;  // <- 2
  wg.wait();
  return mine.cap() == 7;
}
