// SPDX-License-Identifier: Apache-2.0
// insert into a set, under a lock.
// verdict: clean 20/20
#include <mutex>
#include <set>
#include <thread>

int main() {
  std::mutex m;
  std::set<int> seen_before;
  const auto see = [&](int first) {
    for (int i = first; i < 10; i += 2) {
      std::lock_guard hold(m);
      seen_before.insert(i);
    }
  };
  std::thread even(see, 0);
  see(1);
  even.join();
  return seen_before.size() != 10;
}
