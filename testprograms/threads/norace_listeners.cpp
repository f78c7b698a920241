// SPDX-License-Identifier: Apache-2.0
// Listeners subscribe under a lock; a copy of the list is made under it, and called without.
// verdict: clean 20/20
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

class event_source {
 public:
  event_source() { listeners_.reserve(4); }
  void subscribe(std::function<void()> listener) {
    std::lock_guard hold(m_);
    listeners_.push_back(std::move(listener));
  }
  void fire() {
    std::vector<std::function<void()>> listeners;
    {
      std::lock_guard hold(m_);
      listeners = listeners_;
    }
    for (const auto& listener : listeners) listener();
  }

 private:
  std::mutex m_;
  std::vector<std::function<void()>> listeners_;
};

int main() {
  event_source s;
  int calls = 0;
  s.subscribe([&] { calls++; });
  std::thread subscriber([&] { s.subscribe([] {}); });
  s.fire();
  subscriber.join();
  return calls != 1;
}
