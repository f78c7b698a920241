// SPDX-License-Identifier: Apache-2.0
// The receiver of after() armed it: what it did before is its own past, and nobody else writes.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int x = 1, seen = 0;
  snag::wait_group wg;
  auto bell = snag::after(2ms);
  wg.go([&] {
    bell.recv();
    seen = x;
  });
  wg.wait();
  return seen != 1;
}
