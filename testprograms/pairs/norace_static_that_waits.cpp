// SPDX-License-Identifier: Apache-2.0
// The initialiser of a function-local static waits for another goroutine; those who come meanwhile wait for
// it without holding up the thread.
// verdict: clean
// output: ^42\n$
#include <snag/snag.h>

struct settings {
  int answer = 0;
  settings() {
    snag::chan<int> from_afar;
    snag::go([=] { from_afar << 42; });
    answer = from_afar.recv();
  }
};

const settings& current() {
  static const settings only;
  return only;
}

int main() {
  snag::wait_group wg;
  int wrong[4] = {};
  for (int i = 0; i < 4; ++i) wg.go([i, &wrong] { wrong[i] = current().answer != 42; });
  wg.wait();
  for (int w : wrong)
    if (w != 0) return 1;
  snag::println("{}", current().answer);
}
