// SPDX-License-Identifier: Apache-2.0
// The reason is written after the cancellation: whoever sees done() may read it too early.
// verdict: race 20/20
// race: reason
#include <snag/snag.h>

int main() {
  int reason = 0, seen = 0;
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  snag::wait_group wg;
  wg.go([&, ctx = ctx] {
    ctx.done().recv();
    seen = reason;  // <- 1
  });
  cancel();
  reason = 1;  // <- 2
  wg.wait();
  return seen == 7;
}
