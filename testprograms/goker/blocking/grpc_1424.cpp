// SPDX-License-Identifier: Apache-2.0
// The balancer's watcher ends when there are no more addresses, without a word to the dialling goroutine.
// shape: orphan
// dead: the dialling goroutine
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void watch_balancer(snag::recv_chan<int> addresses, snag::chan<void> done) {
  for (int address : addresses) {
    if (address > 0) {
      done.close();
      return;
    }
  }
}

void dial(snag::context ctx) {
  snag::chan<int> addresses;
  snag::chan<void> done, connected;
  snag::go(watch_balancer, addresses, done);
  snag::go([=] {
    done.recv();  // <- dead 1
    connected.close();
  });
  addresses.close();
  snag::select(snag::on_recv(connected), snag::on_recv(ctx.done()));
}

int main() {
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 5ms);
  dial(ctx);
}
