// SPDX-License-Identifier: Apache-2.0
// Giving way: the scheduler may run the other goroutine at `yield`, which is a chance, not a promise.
// Lesson: yield is no synchronisation; the channel at the end is.
// verdict: clean 20/20
// stdout: Outside a goroutine.
// stdout: Outside again.
// stdout: Inside a goroutine
#include <snag/snag.h>

int main() {
  snag::chan<void> over;
  snag::println("Outside a goroutine.");
  snag::go([=] {
    snag::println("Inside a goroutine");
    over.close();
  });
  snag::println("Outside again.");
  snag::yield();
  over.recv();
}
