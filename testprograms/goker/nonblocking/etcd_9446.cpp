// SPDX-License-Identifier: Apache-2.0
// A buffer's buckets are thrown away by one transaction and looked up by another.
// shape: race
// race: buckets
#include <map>
#include <string>

#include <snag/snag.h>

struct transaction_buffer {
  std::map<std::string, int> buckets{{"key", 1}, {"lease", 2}};

  void reset() {
    buckets.clear();  // <- 1
  }
  bool range(const std::string& bucket) {
    return buckets.find(bucket) != buckets.end();  // <- 2
  }
};

int main() {
  transaction_buffer b;
  snag::wait_group wg;
  wg.go([&] { b.reset(); });
  wg.go([&] { snag::println("{}", b.range("key")); });
  wg.wait();
}
