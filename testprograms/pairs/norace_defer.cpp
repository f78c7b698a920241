// SPDX-License-Identifier: Apache-2.0
// Deferred calls run last in, first out: the done() that was deferred first runs last.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int log_lines = 0;
  snag::wait_group started, finished;
  started.add(1);
  finished.go([&] {
    snag::defer signal([&] { started.done(); });
    snag::defer closing([&] { log_lines += 1; });
  });
  started.wait();
  int seen = log_lines;
  finished.wait();
  return seen != 1;
}
