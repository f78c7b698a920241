// SPDX-License-Identifier: Apache-2.0
// The look-up takes the lock, too.
// verdict: clean 20/20
#include <map>
#include <mutex>
#include <string>

#include <snag/snag.h>

struct heap {
  std::map<std::string, int> items{{"a", 1}, {"b", 2}};
  void remove(const std::string& key) { items.erase(key); }
  bool get(const std::string& key) { return items.find(key) != items.end(); }
};

struct priority_queue {
  snag::mutex mu;
  heap active;
  void pop() {
    std::lock_guard hold(mu);
    active.remove("a");
  }
  bool has(const std::string& key) {
    std::lock_guard hold(mu);
    return active.get(key);
  }
};

int main() {
  priority_queue q;
  snag::wait_group wg;
  wg.go([&] { q.pop(); });
  wg.go([&] { snag::println("{}", q.has("a")); });
  wg.wait();
}
