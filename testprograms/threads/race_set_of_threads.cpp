// SPDX-License-Identifier: Apache-2.0
// insert into a set looks at nodes that another thread's insert is hanging elsewhere.
// verdict: race 20/20
// race: seen_before
#include <mutex>
#include <set>
#include <thread>

int main() {
  std::mutex m;
  std::set<int> seen_before;
  const auto see = [&](int first) {
    for (int i = first; i < 10; i += 2) {
      seen_before.insert(i);  // <- 1 2
    }
  };
  std::thread even(see, 0);
  see(1);
  even.join();
  return false;
}
