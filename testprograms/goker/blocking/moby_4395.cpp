// SPDX-License-Identifier: Apache-2.0
// A function's result comes on a channel that its caller throws away.
// shape: orphan
// dead: the goroutine of start
#include <snag/snag.h>

template <class F>
snag::recv_chan<int> start(F f) {
  snag::chan<int> result;
  snag::go([=] {
    result << f();  // <- dead 1
  });
  return result;
}

int main() {
  (void)start([] { return 1; });                // nobody asks for the result
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
