// SPDX-License-Identifier: Apache-2.0
// Tests in parallel: each scope answers for its own goroutines, though all of them run beside each other.
// verdict: leak 20/20
// shape: orphan
// stdout: left: 0 1 0 1
#include <array>

#include <snag/snag.h>

void test(bool forgets) {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
  if (!forgets) c.recv();
}

int main() {
  std::array<std::size_t, 4> left{};
  snag::wait_group all;
  for (std::size_t i = 0; i < left.size(); ++i)
    all.go([&left, i] {
      snag::leak_check check;
      for (int round = 0; round < 5; ++round) test(false);
      if (i % 2 == 1) test(true);
      left[i] = check.finish().size();
    });
  all.wait();
  snag::println("left: {} {} {} {}", left[0], left[1], left[2], left[3]);
}
