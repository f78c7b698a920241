// SPDX-License-Identifier: Apache-2.0
// Each has delivered its result and is on its way out, with some things to put in order, when the scope ends.
// They are let do so.
// verdict: clean 20/20
// stdout: 0 left of 1[0-9]
#include <snag/snag.h>

int main() {
  snag::leak_check check;
  snag::chan<int> results(16);
  for (int i = 0; i < 16; ++i)
    snag::go([=] {
      results << i;
      for (int turn = 0; turn < 50; ++turn) snag::yield();
    });
  for (int i = 0; i < 16; ++i) results.recv();
  snag::println("{} left of {}", check.finish().size(), 16);
}
