// SPDX-License-Identifier: Apache-2.0
// The cured twin: the buffer has room for every answer, so the late ones can leave too.
// Lesson: give each sender a place to put its value, or a signal to stop.
// verdict: clean 20/20
// stdout: first answer: [012]
#include <snag/snag.h>

int main() {
  snag::chan<int> answers(3);
  for (int i = 0; i < 3; ++i) {
    snag::go([=] { answers << i; });
  }
  snag::println("first answer: {}", answers.recv());
}
