// SPDX-License-Identifier: Apache-2.0
// A call of call_once that ends by an exception is ordered before the next attempt.
// verdict: clean
#include <mutex>

#include <snag/snag.h>

std::once_flag flag;
int attempts = 0;

void attempt() {
  if (++attempts < 3) throw attempts;
}

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i)
    wg.go([] {
      try {
        std::call_once(flag, attempt);
      } catch (int) {
      }
    });
  wg.wait();
  return attempts != 3;
}
