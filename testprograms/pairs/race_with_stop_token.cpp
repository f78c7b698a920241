// SPDX-License-Identifier: Apache-2.0
// What is done after a stop was requested is not ordered before what done() lets go on.
// verdict: race 20/20
// race: reason
#include <snag/snag.h>
#include <snag/stop_token.h>

int main() {
  int reason = 0, seen = 0;
  std::stop_source source;
  snag::wait_group wg;
  auto [ctx, cancel] = snag::with_stop_token(snag::context::background(), source.get_token());
  wg.go([&, ctx = ctx] {
    ctx.done().recv();
    seen = reason;  // <- 1
  });
  source.request_stop();
  reason = 1;  // <- 2
  wg.wait();
  return seen == 7;
}
