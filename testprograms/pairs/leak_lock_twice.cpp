// SPDX-License-Identifier: Apache-2.0
// A goroutine locks a mutex again that it holds: it waits for itself for ever.
// verdict: leak 20/20
// shape: self-lock
#include <snag/snag.h>

#include <mutex>

std::mutex guard;
snag::chan<void> going;

int main() {
  snag::go([] {
    guard.lock();
    going.send();
    guard.lock();
  });
  going.recv();
  for (int i = 0; i < 100; ++i) snag::sleep_for(std::chrono::milliseconds(1));
}
