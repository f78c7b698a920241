// SPDX-License-Identifier: Apache-2.0
// The destructor of a jthread joins: after the scope, its work is there to be read.
// verdict: clean 20/20
#include <thread>

int main() {
  int total = 0, seen = 0;
  {
    std::jthread adder([&] {
      for (int i = 1; i <= 10; ++i) total += i;
    });
  }
  seen = total;
  return seen != 55;
}
