// SPDX-License-Identifier: Apache-2.0
// A thread cancels a context that a goroutine waits for, and then writes why.
// verdict: race 20/20
// race: cause
#include <thread>

#include <snag/snag.h>

int cause = 0;

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  int seen = 0;
  snag::wait_group all;
  all.go([&seen, ctx = ctx] {
    ctx.done().next();
    seen = cause;  // <- 1
  });
  std::thread canceller([cancel = cancel] {
    cancel();
    cause = 4;  // <- 2
  });
  all.wait();
  canceller.join();
  return seen > 4;
}
