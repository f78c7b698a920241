// SPDX-License-Identifier: Apache-2.0
// Mistake 3: more done() than add().
// Lesson: the count cannot go below zero; the runtime panics with Go's words.
// verdict: panic 20/20 "sync: negative WaitGroup counter"
// race: wg
// hint: negative-wait-group
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  wg.add(1);  // <- 2
  wg.done();
  wg.done();  // <- 1
  snag::println("never printed");
}
