// SPDX-License-Identifier: Apache-2.0
// Printing a range descriptor locks the cache for reading, which its caller does already; another look-up
// waits for writing in between.
// shape: queued-writer
// dead: to_string, insert, look_up_all
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include <snag/snag.h>

struct range_cache {
  snag::shared_mutex mu;
  std::vector<std::string> ranges{"a-m"};

  std::string to_string() {
    std::shared_lock hold(mu);  // <- dead 1
    return ranges.back();
  }
  void look_up() {
    std::string seen;
    {
      std::shared_lock hold(mu);
      seen = to_string();
    }
    insert(seen);
  }
  void insert(const std::string& range) {
    std::unique_lock hold(mu);  // <- dead 1
    ranges.push_back(range);
  }
};

void look_up_all() {
  range_cache cache;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { cache.look_up(); });
  wg.wait();  // <- dead 1
}

int main() {
  snag::go(look_up_all);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
