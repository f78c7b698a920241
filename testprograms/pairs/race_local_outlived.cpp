// SPDX-License-Identifier: Apache-2.0
// A goroutine refers to a local variable of a function that does not wait for it.
// verdict: race 20/20
// race: progress
// hint: outlived-by-goroutine
#include <snag/snag.h>

snag::chan<void> finished;

void start() {
  int progress = 0;
  snag::go([&progress] {
    ++progress;  // <- 1
    finished.send();
  });
}  // <- 2

int main() {
  start();
  finished.recv();
}
