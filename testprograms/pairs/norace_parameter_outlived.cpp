// SPDX-License-Identifier: Apache-2.0
// A parameter that the goroutine has a copy of.
// verdict: clean 20/20
#include <snag/snag.h>

snag::chan<int> answer(1);

void ask(int limit) {
  snag::go([=] { answer << limit * 2; });
}

int main() {
  ask(21);
  answer.recv();
}
