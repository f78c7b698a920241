// SPDX-License-Identifier: Apache-2.0
// What is done after an attempt that threw is not ordered before the next attempt.
// verdict: race 20/20
// race: attempts
#include <mutex>

#include <snag/snag.h>

std::once_flag flag;
int attempts = 0;

void attempt() {
  if (++attempts < 2) throw attempts;  // <- 1 2
}

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i)
    wg.go([] {
      try {
        std::call_once(flag, attempt);
      } catch (int) {
        attempts += 10;  // <- 1 2
      }
    });
  wg.wait();
  return attempts == 0;
}
