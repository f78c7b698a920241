// SPDX-License-Identifier: Apache-2.0
// Calling one std::function from two goroutines only reads it; what it does is the callee's affair.
// verdict: clean 20/20
#include <functional>

#include <snag/snag.h>

int main() {
  int out[2] = {0, 0};
  const std::function<void(int)> on_event = [&](int who) { out[who] = 1; };
  snag::wait_group wg;
  wg.go([&] { on_event(0); });
  on_event(1);
  wg.wait();
  return out[0] + out[1] != 2;
}
