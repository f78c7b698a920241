// SPDX-License-Identifier: Apache-2.0
// A random engine for each thread.
// verdict: clean 20/20
#include <random>
#include <thread>

int main() {
  std::minstd_rand engine(42);
  const auto draw = [&](int count) {
    std::minstd_rand mine = engine;
    unsigned sum = 0;
    for (int i = 0; i < count; ++i) sum += static_cast<unsigned>(mine());
    return sum;
  };
  unsigned sums[2] = {};
  std::thread t([&] { sums[0] = draw(10); });
  sums[1] = draw(10);
  t.join();
  return sums[0] != sums[1];
}
