// SPDX-License-Identifier: Apache-2.0
// Each is given its pair.
// verdict: clean 20/20
#include <array>
#include <vector>

#include <snag/snag.h>

int main() {
  using expectation = std::array<int, 2>;
  const std::vector<expectation> all{{1, 2}, {3, 4}, {5, 6}};
  snag::wait_group wg;
  for (expectation pair : all) wg.go([pair] { snag::println("{}", pair[0]); });
  wg.wait();
}
