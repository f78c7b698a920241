// SPDX-License-Identifier: Apache-2.0
// A goroutine that recurses deeply beside one that hardly uses its stack, and one that was given more room.
// Lesson: a stack costs what is used of it; what should exceed the default reserve asks for it.
// verdict: clean 20/20
// stdout: depth 500 reached, sum 125250
// stdout: depth 4000 reached, sum 8002000
// stdout: small goroutine done
#include <snag/snag.h>

long add_down(int n) {
  volatile char padding[32] = {static_cast<char>(n)};
  if (n == 0) return padding[0] * 0;
  return n + add_down(n - 1);
}

int main() {
  snag::wait_group wg;
  wg.go([] { snag::println("depth 500 reached, sum {}", add_down(500)); });
  wg.go([] { snag::println("small goroutine done"); });
  wg.add(1);
  snag::go({.name = "deep", .stack_size = 2 << 20}, [=] {
    snag::println("depth 4000 reached, sum {}", add_down(4000));
    wg.done();
  });
  wg.wait();
}
