// SPDX-License-Identifier: Apache-2.0
// Each worker is given a piece of the results, and goes over all of them.
// shape: race
// race: results
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> results(2);
  snag::wait_group workers;
  for (int piece = 0; piece < 2; ++piece) {
    workers.go([&] {
      for (int& result : results) {
        if (result < 9) result = 9;  // <- 1 2
      }
    });
  }
  workers.wait();
}
