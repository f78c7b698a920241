// SPDX-License-Identifier: Apache-2.0
// A goroutine refers to a local variable of a function that waits for it.
// verdict: clean 20/20
#include <snag/snag.h>

snag::chan<void> finished;

void start() {
  int progress = 0;
  snag::go([&progress] {
    ++progress;
    finished.send();
  });
  finished.recv();
}

int main() { start(); }
