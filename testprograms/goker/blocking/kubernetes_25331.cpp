// SPDX-License-Identifier: Apache-2.0
// After an error a watch cancels itself, and then tells the error to a reader that has gone.
// shape: orphan
// dead: run
#include <memory>

#include <snag/snag.h>

struct watch {
  snag::cancellable life = snag::with_cancel(snag::context::background());
  snag::chan<int> errors{1}, results;

  void run() {
    const int error = errors.recv();
    life.cancel();
    results << error;  // <- dead 1
  }
};

int main() {
  auto w = std::make_shared<watch>();
  snag::go(&watch::run, w);
  w->errors << 1;
  w->life.ctx.done().recv();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
