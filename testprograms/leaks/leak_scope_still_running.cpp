// SPDX-License-Identifier: Apache-2.0
// A connection that is dropped without being closed: its goroutine retries for ever, ever more slowly. It is
// never blocked for good.
// verdict: leak 20/20
// shape: still running
// stdout: 1 left: still running
#include <algorithm>
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct connection {
  snag::cancellable life = snag::with_cancel(snag::context::background());

  void reconnect() {
    for (auto backoff = 1ms;; backoff = std::min(2 * backoff, 100ms))
      if (snag::select(snag::on_recv(life.ctx.done()), snag::on_timeout(backoff)) == 0) return;
  }
};

int main() {
  snag::leak_check check({.patience = 50ms});
  snag::go(&connection::reconnect, std::make_shared<connection>());
  for (const auto leaks = check.finish(); const auto& l : leaks)
    snag::println("{} left: {}", leaks.size(), l.shape);
}
