// SPDX-License-Identifier: Apache-2.0
// Deferred work runs at the end of the block: after the done() that was meant to come last.
// verdict: race 20/20
// race: log_lines
#include <snag/snag.h>

int main() {
  int log_lines = 0;
  snag::wait_group started, finished;
  started.add(1);
  finished.go([&] {
    snag::defer closing([&] { log_lines += 1; });  // <- 1
    snag::defer signal([&] { started.done(); });
  });
  started.wait();
  int seen = log_lines;  // <- 2
  finished.wait();
  return seen == 7;
}
