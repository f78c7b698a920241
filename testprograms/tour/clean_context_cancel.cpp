// SPDX-License-Identifier: Apache-2.0
// A worker that produces until its context is cancelled, and then says why it stopped.
// Lesson: pass a context to what runs long, and select on done() beside every operation that can wait.
// verdict: clean 20/20
// stdout: ^got 1\ngot 2\ngot 3\nworker stopped: context canceled\n$
#include <snag/snag.h>

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  snag::chan<int> numbers;
  snag::chan<void> stopped;
  snag::go([=, ctx = ctx] {
    bool over = false;
    for (int n = 1; !over; ++n) {
      snag::select(snag::on_send(numbers, n, [] {}), snag::on_recv(ctx.done(), [&] { over = true; }));
    }
    snag::println("worker stopped: {}", ctx.err());
    stopped.close();
  });
  for (int i = 0; i < 3; ++i) snag::println("got {}", numbers.recv());
  cancel();
  stopped.recv();
}
