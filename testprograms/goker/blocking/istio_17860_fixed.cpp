// SPDX-License-Identifier: Apache-2.0
// The report gives way once the agent has returned.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct agent {
  snag::chan<int> exited;
  snag::chan<void> returned;

  void run_wait(snag::context ctx, int epoch) {
    ctx.done().recv();
    snag::select(snag::on_send(exited, epoch), snag::on_recv(returned));
  }
  void run(snag::context ctx) {
    snag::defer left([&] { returned.close(); });
    for (int active = 2; active > 0;) {
      const int chosen = snag::select(snag::on_recv(exited, [&] { --active; }), snag::on_recv(ctx.done()));
      if (chosen == 1) return;
    }
  }
};

int main() {
  auto a = std::make_shared<agent>();
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  snag::go(&agent::run_wait, a, ctx, 1);
  cancel();
  a->run(ctx);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
