// SPDX-License-Identifier: Apache-2.0
// A connection that was dialled is dropped without being closed: its goroutine retries for ever, ever more
// slowly. It is left over and alive, never blocked for good.
// shape: spin
// dead: nobody
#include <algorithm>
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct connection {
  snag::cancellable life = snag::with_cancel(snag::context::background());

  void reconnect() {
    for (auto backoff = 1ms;; backoff *= 2) {
      if (snag::select(snag::on_recv(life.ctx.done()), snag::on_timeout(backoff)) == 0) return;
      backoff = std::min(backoff, 1000ms);
    }
  }
  void close() { life.cancel(); }
};

std::shared_ptr<connection> dial(snag::context ctx) {
  auto c = std::make_shared<connection>();
  snag::go(&connection::reconnect, c);
  ctx.done().recv();  // no connection came about in time
  return nullptr;
}

int main() {
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 3ms);
  auto c = dial(ctx);
}
