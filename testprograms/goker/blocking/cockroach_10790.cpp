// SPDX-License-Identifier: Apache-2.0
// Once cancelled, the replica drains the channels of its commands; their sender was cancelled, too, and sends
// nothing any more.
// shape: orphan
// dead: drain
#include <vector>

#include <snag/snag.h>

using replies = std::vector<snag::chan<int>>;

void drain(replies all) {
  for (auto& c : all) c.recv();  // <- dead 1
}

void begin_commands(snag::context ctx, replies all) {
  for (auto& c : all) {
    const int chosen = snag::select(snag::on_recv(c), snag::on_recv(ctx.done()));
    if (chosen == 1) {
      snag::go(drain, all);
      return;
    }
  }
}

void send_replies(snag::context ctx, replies all) {
  for (auto& c : all) {
    if (snag::select(snag::on_send(c, 1), snag::on_recv(ctx.done())) == 1) return;
  }
}

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  replies all;
  for (int i = 0; i < 3; ++i) all.push_back(snag::chan<int>());
  snag::go(send_replies, ctx, all);
  snag::go(begin_commands, ctx, all);
  cancel();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
