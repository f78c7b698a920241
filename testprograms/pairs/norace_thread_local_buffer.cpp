// SPDX-License-Identifier: Apache-2.0
// What a thread_local container keeps on the heap goes from turn to turn with it.
// verdict: clean
#include <map>
#include <string>
#include <vector>

#include <snag/snag.h>

thread_local std::vector<int> scratch;
thread_local std::map<int, std::string> cache;

std::size_t squares_up_to(int n) {
  scratch.clear();
  for (int i = 0; i <= n; ++i) {
    scratch.push_back(i * i);
    cache.try_emplace(i % 8, "a text too long for the short string buffer: " + std::to_string(i % 8));
  }
  return scratch.size() + cache[n % 8].size();
}

int main() {
  snag::chan<std::size_t> sizes;
  snag::wait_group wg;
  for (int g = 1; g <= 4; ++g)
    wg.go([=] {
      for (int i = 0; i < 5; ++i) sizes << squares_up_to(10 * g);
    });
  snag::go([=] {
    wg.wait();
    sizes.close();
  });
  std::size_t all = 0;
  for (std::size_t n : sizes) all += n;
  return all == 0;
}
