// SPDX-License-Identifier: Apache-2.0
// Each worker keeps to its piece.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

int main() {
  std::vector<int> results(2);
  snag::wait_group workers;
  for (int piece = 0; piece < 2; ++piece) {
    workers.go([&results, piece] {
      int& result = results[static_cast<std::size_t>(piece)];
      if (result < 9) result = 9;
    });
  }
  workers.wait();
}
