// SPDX-License-Identifier: Apache-2.0
// The channel has room for the result.
// verdict: clean 20/20
#include <snag/snag.h>

template <class F>
snag::recv_chan<int> start(F f) {
  snag::chan<int> result(1);
  snag::go([=] { result << f(); });
  return result;
}

int main() {
  (void)start([] { return 1; });                // nobody asks for the result
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
