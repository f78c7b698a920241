// SPDX-License-Identifier: Apache-2.0
// Different bits of a bitset are one word, and one lock protects it.
// verdict: clean 20/20
#include <bitset>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::bitset<64> taken;
  const auto take = [&](int first) {
    for (int i = first; i < 64; i += 2) {
      std::lock_guard hold(m);
      taken.set(i);
    }
  };
  std::thread even(take, 0);
  take(1);
  even.join();
  return taken.count() != 64;
}
