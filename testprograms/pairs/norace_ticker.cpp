// SPDX-License-Identifier: Apache-2.0
// One goroutine counts the ticks and hands the count over at the end.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::chan<int> counted;
  snag::go([=] {
    snag::ticker t(1ms);
    int ticks = 0;
    for (int i = 0; i < 3; ++i) {
      t.c().recv();
      ++ticks;
    }
    counted << ticks;
  });
  return counted.recv() != 3;
}
