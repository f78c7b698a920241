// SPDX-License-Identifier: Apache-2.0
// The handler is called after the watch cache is unlocked.
// verdict: clean 20/20
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <snag/snag.h>

struct watch_cache {
  snag::mutex mu;
  std::vector<int> objects;
  std::function<void(int)> on_event;

  void replace(std::vector<int> fresh) {
    std::lock_guard hold(mu);
    objects = std::move(fresh);
  }
  void add(int object) {
    {
      std::lock_guard hold(mu);
      objects.push_back(object);
    }
    on_event(object);
  }
};

struct cacher {
  snag::mutex mu;
  watch_cache cache;
  int events = 0;

  void process_event(int) {
    std::lock_guard hold(mu);
    ++events;
  }
  void start_caching() {
    std::lock_guard hold(mu);
    cache.replace({1, 2});
  }
};

int main() {
  auto c = std::make_shared<cacher>();
  c->cache.on_event = [c = c.get()](int object) { c->process_event(object); };
  snag::go(&cacher::start_caching, c);
  snag::go([c] { c->cache.add(3); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
