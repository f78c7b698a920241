// SPDX-License-Identifier: Apache-2.0
// The set of a container, or else the default, is read under a read lock that the two getters take again; a
// removal waits for writing in between.
// shape: queued-writer
// dead: cpu_set, remove
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include <snag/snag.h>

struct cpu_state {
  snag::shared_mutex mu;
  std::map<std::string, int> sets{{"web", 3}};

  int cpu_set(const std::string& container) {
    std::shared_lock hold(mu);  // <- dead 1
    auto found = sets.find(container);
    return found == sets.end() ? 0 : found->second;
  }
  int cpu_set_or_default(const std::string& container) {
    std::shared_lock hold(mu);
    const int set = cpu_set(container);
    return set != 0 ? set : 255;
  }
  void remove(const std::string& container) {
    std::unique_lock hold(mu);  // <- dead 1
    sets.erase(container);
  }
};

int main() {
  auto s = std::make_shared<cpu_state>();
  snag::go([s] { s->cpu_set_or_default("web"); });
  snag::go([s] { s->remove("web"); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
