// SPDX-License-Identifier: Apache-2.0
// A goroutine locks a mutex again that it holds: it waits for itself for ever.
// verdict: misuse 20/20
// race: guard
// hint: locked-twice
#include <snag/snag.h>

#include <mutex>

std::mutex guard;
snag::chan<void> going;

int main() {
  snag::go([] {
    guard.lock();  // <- 2
    going.send();
    guard.lock();  // <- 1
  });
  going.recv();
  for (int i = 0; i < 100; ++i) snag::sleep_for(std::chrono::milliseconds(1));
}
