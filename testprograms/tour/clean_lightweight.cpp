// SPDX-License-Identifier: Apache-2.0
// Ten thousand goroutines alive at once, all waiting for one signal.
// Lesson: a goroutine costs a few kilobytes, so a program may have one for each thing it does.
// verdict: clean 20/20
// stdout: 10000 goroutines answered
#include <snag/snag.h>

int main() {
  constexpr int count = 10'000;
  snag::chan<void> start;
  snag::chan<int> answers(64);
  for (int i = 0; i < count; ++i) {
    snag::go([=] {
      start.recv();
      answers << 1;
    });
  }
  start.close();
  int answered = 0;
  while (answered < count) answered += answers.recv();
  snag::println("{} goroutines answered", answered);
}
