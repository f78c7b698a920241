// SPDX-License-Identifier: Apache-2.0
// One random engine for two threads: each draw changes its state.
// verdict: race 20/20
// race: engine mine
#include <random>
#include <thread>

int main() {
  std::minstd_rand engine(42);
  const auto draw = [&](int count) {
    std::minstd_rand& mine = engine;
    unsigned sum = 0;
    for (int i = 0; i < count; ++i) sum += static_cast<unsigned>(mine());  // <- 1 2
    return sum;
  };
  unsigned sums[2] = {};
  std::thread t([&] { sums[0] = draw(10); });
  sums[1] = draw(10);
  t.join();
  return sums[0] == 7;
}
