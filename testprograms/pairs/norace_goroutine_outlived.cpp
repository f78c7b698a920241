// SPDX-License-Identifier: Apache-2.0
// The goroutine whose variable it is waits; then stacks are used again by others, who share theirs in good
// order.
// verdict: clean 20/20
#include <snag/snag.h>

void share_a_local(int depth) {
  int state[4] = {};
  snag::wait_group children;
  for (int i = 0; i < 4; ++i)
    children.go([&state, i, depth] {
      state[i] = depth;
      if (depth > 0) share_a_local(depth - 1);
    });
  children.wait();
  for (int i : state) (void)i;
}

int main() {
  for (int round = 0; round < 5; ++round) {
    snag::wait_group all;
    all.go([] { share_a_local(2); });
    all.wait();
  }
}
