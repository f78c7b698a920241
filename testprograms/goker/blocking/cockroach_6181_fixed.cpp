// SPDX-License-Identifier: Apache-2.0
// The descriptor is printed once the cache is unlocked.
// verdict: clean 20/20
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include <snag/snag.h>

struct range_cache {
  snag::shared_mutex mu;
  std::vector<std::string> ranges{"a-m"};

  std::string to_string() {
    std::shared_lock hold(mu);
    return ranges.back();
  }
  void look_up() {
    std::string seen;
    {
      std::shared_lock hold(mu);
      seen = ranges.front();
    }
    seen += to_string();
    insert(seen);
  }
  void insert(const std::string& range) {
    std::unique_lock hold(mu);
    ranges.push_back(range);
  }
};

void look_up_all() {
  range_cache cache;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { cache.look_up(); });
  wg.wait();
}

int main() {
  snag::go(look_up_all);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
