// SPDX-License-Identifier: Apache-2.0
// A sender that gives up closes its channels, which ends the draining.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

using replies = std::vector<snag::chan<int>>;

void drain(replies all) {
  for (auto& c : all) c.recv();
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
  snag::defer no_more([&] {
    for (auto& c : all) c.close();
  });
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
