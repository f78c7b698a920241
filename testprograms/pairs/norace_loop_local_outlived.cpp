// SPDX-License-Identifier: Apache-2.0
// Each goroutine has a copy of its round's variable.
// verdict: clean 20/20
// stdout: 14
#include <snag/snag.h>

#include <atomic>

int main() {
  std::atomic<int> sum = 0;
  snag::wait_group wg;
  for (int i = 1; i <= 3; ++i) {
    int square = i * i;
    wg.go([&sum, square] { sum += square; });
  }
  wg.wait();
  snag::println("{}", sum.load());
}
