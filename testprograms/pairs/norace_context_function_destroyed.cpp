// SPDX-License-Identifier: Apache-2.0
// What a function did that a cancellation started comes before what it captured is destroyed, by whoever has
// the last handle to it.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

std::atomic<bool> ran = false;  // orders nothing: it is relaxed
int in_all = 0;

struct tally {
  int uses = 0;
  tally() = default;
  tally(const tally&) = default;
  ~tally() { in_all += uses; }
};

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  {
    const auto stop = snag::context_after_func(ctx, [mine = tally()]() mutable {
      ++mine.uses;
      ran.store(true, std::memory_order_relaxed);
    });
    cancel();
    while (!ran.load(std::memory_order_relaxed)) snag::yield();
    for (int i = 0; i < 20; ++i) snag::yield();  // mostly the goroutine has gone by then: `stop` is the last
  }
}
