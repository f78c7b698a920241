// SPDX-License-Identifier: Apache-2.0
// Acquiring a lease by name locks the names, then the lease; releasing it locks the lease, then the names.
// shape: lock cycle
// dead: acquire_by_name, remove, main
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
    std::lock_guard hold(mu);  // <- dead 1
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
    std::lock_guard hold_lease(users.mu);  // <- dead 1
    ++users.references;
    return true;
  }
  void release(const std::string& name) {
    std::lock_guard hold(table_mu);
    std::lock_guard hold_lease(users.mu);
    if (--users.references == 0) cache.remove(name);
  }
};

int main() {
  lease_manager m;
  snag::wait_group wg;
  wg.go([&] { m.acquire_by_name("users"); });
  wg.go([&] { m.release("users"); });
  wg.wait();  // <- dead 1
}
