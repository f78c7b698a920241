// SPDX-License-Identifier: Apache-2.0
// The watcher closes the channel however it ends.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void watch_balancer(snag::recv_chan<int> addresses, snag::chan<void> done) {
  bool told = false;
  for (int address : addresses) {
    if (address > 0 && !told) {
      done.close();
      told = true;
    }
  }
  if (!told) done.close();
}

void dial(snag::context ctx) {
  snag::chan<int> addresses;
  snag::chan<void> done, connected;
  snag::go(watch_balancer, addresses, done);
  snag::go([=] {
    done.recv();
    connected.close();
  });
  addresses.close();
  snag::select(snag::on_recv(connected), snag::on_recv(ctx.done()));
}

int main() {
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 5ms);
  dial(ctx);
}
