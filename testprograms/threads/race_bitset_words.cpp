// SPDX-License-Identifier: Apache-2.0
// Different bits of a bitset are one word: the neighbours' bits are written back, too.
// verdict: race 20/20
// race: taken
#include <bitset>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::bitset<64> taken;
  const auto take = [&](int first) {
    for (int i = first; i < 64; i += 2) {
      taken.set(i);  // <- 1 2
    }
  };
  std::thread even(take, 0);
  take(1);
  even.join();
  return taken.count() > 64;
}
