// SPDX-License-Identifier: Apache-2.0
// The function runs in a goroutine of its own, ordered after the call that armed it and nothing later.
// verdict: race 20/20
// race: x
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int x = 0;
  snag::chan<void> done;
  auto t = snag::after_func(2ms, [&] {
    x += 1;  // <- 1
    done.close();
  });
  x = 2;  // <- 2
  done.recv();
  return x == 7;
}
