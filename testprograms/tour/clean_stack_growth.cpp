// SPDX-License-Identifier: Apache-2.0
// A goroutine that recurses deeply beside one that hardly uses its stack.
// Lesson: stacks start small and take what they need.
// verdict: clean 20/20
// stdout: depth 2000 reached, sum 2001000
// stdout: small goroutine done
#include <snag/snag.h>

long add_down(int n) {
  volatile char padding[32] = {static_cast<char>(n)};
  if (n == 0) return padding[0] * 0;
  return n + add_down(n - 1);
}

int main() {
  snag::wait_group wg;
  wg.go([] { snag::println("depth 2000 reached, sum {}", add_down(2000)); });
  wg.go([] { snag::println("small goroutine done"); });
  wg.wait();
}
