// SPDX-License-Identifier: Apache-2.0
// Every input closes the merged channel when it has finished: the second to finish closes a closed channel,
// or sends on one.
// Lesson: several senders cannot each close; one goroutine waits for them and closes.
// verdict: panic 20/20 "(close of|send on) closed channel"
#include <snag/snag.h>

int main() {
  snag::chan<int> merged(8);
  snag::wait_group wg;
  for (int id = 1; id <= 3; ++id) {
    wg.go([=] {
      merged << id;
      merged.close();
    });
  }
  wg.wait();
}
