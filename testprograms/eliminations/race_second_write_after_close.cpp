// SPDX-License-Identifier: Apache-2.0
// What a goroutine that the first write is ordered before may race with is the second, after the release: a
// call ends what one check stands for.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int x = 0;

[[gnu::noinline]] void close(snag::chan<void>& done) noexcept { done.close(); }

[[gnu::noinline]] void write(snag::chan<void>& done) noexcept {
  x = 1;
  close(done);
  x = 2;  // <- 1
}

int main() {
  snag::chan<void> done;
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    done.recv();
    seen = x;  // <- 2
  });
  write(done);
  wg.wait();
  return seen == 7;
}
