// SPDX-License-Identifier: Apache-2.0
// The consumer takes the first result and leaves; every stage behind it waits in its send for ever.
// Lesson: a pipeline needs a way to tell its stages to stop.
// verdict: leak 12+/20
#include <snag/snag.h>

snag::recv_chan<int> generate() {
  snag::chan<int> out;
  snag::go([=] {
    for (int n = 1; n <= 10; ++n) out << n;
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

int main() {
  auto squares = square(generate());
  snag::println("first: {}", squares.recv());
  snag::yield();
}
