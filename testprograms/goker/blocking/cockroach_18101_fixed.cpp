// SPDX-License-Identifier: Apache-2.0
// Who splits stops with the context as well, and closes the channel however it ends.
// verdict: clean 20/20
#include <snag/snag.h>

constexpr int room = 6;

void split(snag::context ctx, snag::send_chan<int> ready) {
  snag::defer closed([&] { ready.close(); });
  for (int i = 0; i < room + 2; ++i) {
    if (snag::select(snag::on_send(ready, i), snag::on_recv(ctx.done())) == 1) return;
  }
}

int restore(snag::context ctx) {
  snag::chan<int> ready(room);
  snag::go(split, ctx, ready);
  int restored = 0;
  for ([[maybe_unused]] int from : ready) {
    if (snag::select(snag::on_recv(ctx.done()), snag::on_default()) == 0) break;
    ++restored;
  }
  return restored;
}

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  cancel();
  restore(ctx);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
