// SPDX-License-Identifier: Apache-2.0
// A loop starts a goroutine for each pair of expectations, and all look at the pair that the loop has now.
// shape: race
// race: pair
#include <array>
#include <vector>

#include <snag/snag.h>

int main() {
  using expectation = std::array<int, 2>;
  const std::vector<expectation> all{{1, 2}, {3, 4}, {5, 6}};
  snag::wait_group wg;
  expectation pair{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    pair = all[i];  // <- 1
    wg.go([&] {
      snag::println("{}", pair[0]);  // <- 2
    });
  }
  wg.wait();
}
