// SPDX-License-Identifier: Apache-2.0
// A thread writes why, and cancels the context that a goroutine waits for.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

int cause = 0;

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  int seen = 0;
  snag::wait_group all;
  all.go([&seen, ctx = ctx] {
    ctx.done().next();
    seen = cause;
  });
  std::thread canceller([cancel = cancel] {
    cause = 4;
    cancel();
  });
  all.wait();
  canceller.join();
  return seen != 4;
}
