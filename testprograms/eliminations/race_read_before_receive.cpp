// SPDX-License-Identifier: Apache-2.0
// The read is not ordered, the write behind the receive is: it does not stand for the read.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int x = 0;

[[gnu::noinline]] void receive(snag::chan<void>& ready) noexcept { ready.recv(); }

[[gnu::noinline]] int read_and_write(snag::chan<void>& ready) noexcept {
  int seen = x;  // <- 1
  receive(ready);
  x = 1;
  return seen;
}

int main() {
  snag::chan<void> ready;
  snag::wait_group wg;
  wg.go([&] {
    x = 5;  // <- 2
    ready.close();
  });
  int seen = read_and_write(ready);
  wg.wait();
  return seen == 7;
}
