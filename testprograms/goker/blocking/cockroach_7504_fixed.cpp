// SPDX-License-Identifier: Apache-2.0
// Releasing takes the name out after the lease is unlocked.
// verdict: clean 20/20
#include <map>
#include <mutex>
#include <string>

#include <snag/snag.h>

struct lease {
  snag::mutex mu;
  int references = 1;
};

struct name_cache {
  snag::mutex mu;
  std::map<std::string, int> names{{"users", 1}};
  void remove(const std::string& name) {
    std::lock_guard hold(mu);
    names.erase(name);
  }
};

struct lease_manager {
  name_cache cache;
  snag::mutex table_mu;
  lease users;

  bool acquire_by_name(const std::string& name) {
    std::lock_guard hold(cache.mu);
    if (!cache.names.contains(name)) return false;
    std::lock_guard hold_lease(users.mu);
    ++users.references;
    return true;
  }
  void release(const std::string& name) {
    std::lock_guard hold(table_mu);
    bool last = false;
    {
      std::lock_guard hold_lease(users.mu);
      last = --users.references == 0;
    }
    if (last) cache.remove(name);
  }
};

int main() {
  lease_manager m;
  snag::wait_group wg;
  wg.go([&] { m.acquire_by_name("users"); });
  wg.go([&] { m.release("users"); });
  wg.wait();
}
