// SPDX-License-Identifier: Apache-2.0
// Subscribers are notified after the lock is given back.
// verdict: clean 20/20
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include <snag/snag.h>

struct mapping {
  snag::shared_mutex mu;
  std::vector<std::string> addresses{"10.0.0.1"};
  std::vector<std::function<void(std::size_t)>> subscribers;

  void notify() {
    std::shared_lock hold(mu);
    for (auto& s : subscribers) s(addresses.size());
  }
  void clear_addresses() {
    {
      std::lock_guard hold(mu);
      addresses.clear();
    }
    notify();
  }
};

int main() {
  mapping m;
  m.subscribers.push_back([](std::size_t left) { snag::println("{} left", left); });
  m.clear_addresses();
}
