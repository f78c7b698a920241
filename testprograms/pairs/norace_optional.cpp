// SPDX-License-Identifier: Apache-2.0
// Each has an optional of its own.
// verdict: clean 20/20
#include <optional>

#include <snag/snag.h>

int main() {
  std::optional<int> mine, yours;
  snag::wait_group wg;
  wg.go([&] { yours = 42; });
  mine = 41;
  wg.wait();
  return *mine + *yours != 83;
}
