// SPDX-License-Identifier: Apache-2.0
// The destructor of a jthread joins, but the sum is looked at before the end of the scope.
// verdict: race 20/20
// race: total
#include <thread>

int main() {
  int total = 0, seen = 0;
  {
    std::jthread adder([&] {
      for (int i = 1; i <= 10; ++i) total += i;  // <- 1
    });
    seen = total;  // <- 2
  }
  return seen > 55;
}
