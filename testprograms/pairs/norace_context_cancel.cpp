// SPDX-License-Identifier: Apache-2.0
// Cancelling happens before the return of a receive from done().
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int reason = 0, seen = 0;
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  snag::wait_group wg;
  wg.go([&, ctx = ctx] {
    ctx.done().recv();
    seen = reason;
  });
  reason = 1;
  cancel();
  wg.wait();
  return seen != 1;
}
