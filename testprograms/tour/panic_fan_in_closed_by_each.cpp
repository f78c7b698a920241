// SPDX-License-Identifier: Apache-2.0
// Every input closes the merged channel when it has finished: the next one sends on a closed channel. The
// mutex keeps the sends and closes apart, and does not help. Lesson: several senders cannot each close; one
// goroutine waits for them and closes.
// verdict: panic 20/20 "send on closed channel"
// race: merged
// hint: send-on-closed-channel
#include <mutex>

#include <snag/snag.h>

int main() {
  snag::chan<int> merged(8);
  snag::mutex one_at_a_time;
  snag::wait_group wg;
  for (int id = 1; id <= 3; ++id) {
    wg.go([=, &one_at_a_time] {
      std::lock_guard hold(one_at_a_time);
      merged << id;    // <- 1
      merged.close();  // <- 2
    });
  }
  wg.wait();
}
