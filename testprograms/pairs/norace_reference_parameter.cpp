// SPDX-License-Identifier: Apache-2.0
// Arguments of go() are copied in the caller: the goroutine works on a copy.
// verdict: clean 20/20
#include <snag/snag.h>

void compute(int in, snag::chan<int> out) { out << ++in; }

int main() {
  int result = 41;
  snag::chan<int> out;
  snag::go(compute, result, out);
  result = 0;
  return out.recv() + result != 42;
}
