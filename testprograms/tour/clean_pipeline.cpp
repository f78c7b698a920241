// SPDX-License-Identifier: Apache-2.0
// Generate, square, filter: three stages, each a goroutine between two channels.
// Lesson: each stage closes its output when its input ends, so the end travels down the line.
// verdict: clean 20/20
// stdout: ^Even squares:\n4\n16\n36\n64\n100\n$
#include <vector>

#include <snag/snag.h>

snag::recv_chan<int> generate(std::vector<int> numbers) {
  snag::chan<int> out;
  snag::go([=] {
    for (int n : numbers) out << n;
    out.close();
  });
  return out;
}

snag::recv_chan<int> square(snag::recv_chan<int> in) {
  snag::chan<int> out;
  snag::go([=] {
    for (int n : in) out << n * n;
    out.close();
  });
  return out;
}

snag::recv_chan<int> keep_even(snag::recv_chan<int> in) {
  snag::chan<int> out;
  snag::go([=] {
    for (int n : in) {
      if (n % 2 == 0) out << n;
    }
    out.close();
  });
  return out;
}

int main() {
  snag::println("Even squares:");
  for (int n : keep_even(square(generate({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})))) snag::println("{}", n);
}
