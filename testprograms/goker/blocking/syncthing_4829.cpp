// SPDX-License-Identifier: Apache-2.0
// Clearing a mapping's addresses notifies its subscribers with the mapping locked, and for that locks it for
// reading.
// shape: self-lock
// dead: notify, called by main
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
    std::shared_lock hold(mu);  // <- dead 1
    for (auto& s : subscribers) s(addresses.size());
  }
  void clear_addresses() {
    std::lock_guard hold(mu);
    addresses.clear();
    notify();
  }
};

int main() {
  mapping m;
  m.subscribers.push_back([](std::size_t left) { snag::println("{} left", left); });
  m.clear_addresses();
}
