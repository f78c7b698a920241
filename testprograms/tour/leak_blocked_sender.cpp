// SPDX-License-Identifier: Apache-2.0
// Three queries, and only the first answer is taken: the two other goroutines wait for ever to deliver
// theirs. Lesson: every goroutine needs a way out; a buffer of three would be one.
// verdict: leak 9+/20
#include <snag/snag.h>

int main() {
  snag::chan<int> answers;
  for (int i = 0; i < 3; ++i) {
    snag::go([=] { answers << i; });
  }
  snag::println("first answer: {}", answers.recv());
  snag::yield();
}
