// SPDX-License-Identifier: Apache-2.0
// The same concurrent sum with one worker thread and with four.
// Lesson: concurrency is how the program is built, parallelism is how it is run: max_procs changes only the
// second.
// verdict: clean 20/20
// stdout: ^with 1: 4950\nwith 4: 4950\n$
#include <snag/snag.h>

int concurrent_sum() {
  snag::chan<int> parts(4);
  for (int g = 0; g < 4; ++g) {
    snag::go([=] {
      int sum = 0;
      for (int i = g * 25; i < (g + 1) * 25; ++i) sum += i;
      parts << sum;
    });
  }
  int total = 0;
  for (int g = 0; g < 4; ++g) total += parts.recv();
  return total;
}

int main() {
  for (int n : {1, 4}) {
    snag::max_procs(n);
    snag::println("with {}: {}", n, concurrent_sum());
  }
}
