// SPDX-License-Identifier: Apache-2.0
// A parameter is a local variable of its function, too.
// verdict: race 20/20
// race: limit
// hint: outlived-by-goroutine
#include <snag/snag.h>

snag::chan<int> answer(1);

void ask(int limit) {
  snag::go([&] { answer << limit * 2; });  // <- 1
}  // <- 2

int main() {
  ask(21);
  answer.recv();
}
