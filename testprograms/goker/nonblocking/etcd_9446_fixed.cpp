// SPDX-License-Identifier: Apache-2.0
// Both lock the buffer.
// verdict: clean 20/20
#include <map>
#include <mutex>
#include <string>

#include <snag/snag.h>

struct transaction_buffer {
  snag::mutex mu;
  std::map<std::string, int> buckets{{"key", 1}, {"lease", 2}};

  void reset() {
    std::lock_guard hold(mu);
    buckets.clear();
  }
  bool range(const std::string& bucket) {
    std::lock_guard hold(mu);
    return buckets.find(bucket) != buckets.end();
  }
};

int main() {
  transaction_buffer b;
  snag::wait_group wg;
  wg.go([&] { b.reset(); });
  wg.go([&] { snag::println("{}", b.range("key")); });
  wg.wait();
}
