// SPDX-License-Identifier: Apache-2.0
// The error is told only as long as somebody may listen.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct watch {
  snag::cancellable life = snag::with_cancel(snag::context::background());
  snag::chan<int> errors{1}, results;

  void run() {
    const int error = errors.recv();
    life.cancel();
    snag::select(snag::on_send(results, error), snag::on_recv(life.ctx.done()));
  }
};

int main() {
  auto w = std::make_shared<watch>();
  snag::go(&watch::run, w);
  w->errors << 1;
  w->life.ctx.done().recv();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
