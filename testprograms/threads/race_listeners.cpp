// SPDX-License-Identifier: Apache-2.0
// Listeners subscribe under a lock, and are called without it.
// verdict: race 20/20
// race: listeners_
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
    listeners_.push_back(std::move(listener));  // <- 1
  }
  void fire() {
    for (const auto& listener : listeners_) listener();  // <- 2
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
