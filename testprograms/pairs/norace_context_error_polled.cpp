// SPDX-License-Identifier: Apache-2.0
// Who sees that a context was cancelled has learned what the canceller did before.
// verdict: clean 20/20
#include <snag/snag.h>

int answer = 0;

int main() {
  auto [ctx, cancel] = snag::with_cancel(snag::context::background());
  snag::go([cancel] {
    answer = 42;
    cancel();
  });
  while (!ctx.err()) snag::yield();
  return answer == 42 ? 0 : 1;
}
