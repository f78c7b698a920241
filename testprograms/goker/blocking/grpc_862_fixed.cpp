// SPDX-License-Identifier: Apache-2.0
// The connection is closed before it is dropped.
// verdict: clean 20/20
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
  c->close();
  return nullptr;
}

int main() {
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 3ms);
  auto c = dial(ctx);
}
