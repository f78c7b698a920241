// SPDX-License-Identifier: Apache-2.0
// Pods are taken out of a queue's heap under the queue's lock, and looked up in it under none.
// shape: race
// race: items
#include <map>
#include <mutex>
#include <string>

#include <snag/snag.h>

struct heap {
  std::map<std::string, int> items{{"a", 1}, {"b", 2}};
  void remove(const std::string& key) {
    items.erase(key);  // <- 1
  }
  bool get(const std::string& key) {
    return items.find(key) != items.end();  // <- 2
  }
};

struct priority_queue {
  snag::mutex mu;
  heap active;
  void pop() {
    std::lock_guard hold(mu);
    active.remove("a");
  }
};

int main() {
  priority_queue q;
  snag::wait_group wg;
  wg.go([&] { q.pop(); });
  wg.go([&] { snag::println("{}", q.active.get("a")); });
  wg.wait();
}
