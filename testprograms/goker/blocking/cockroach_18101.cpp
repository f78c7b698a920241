// SPDX-License-Identifier: Apache-2.0
// A cancelled restore stops reading after one split; who splits fills the buffer and waits for ever.
// shape: orphan
// dead: split
#include <snag/snag.h>

constexpr int room = 6;

void split(snag::send_chan<int> ready) {
  for (int i = 0; i < room + 2; ++i) ready << i;  // <- dead 1
  ready.close();
}

int restore(snag::context ctx) {
  snag::chan<int> ready(room);
  snag::go(split, ready);
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
