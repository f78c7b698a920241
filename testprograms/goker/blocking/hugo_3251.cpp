// SPDX-License-Identifier: Apache-2.0
// Locking a URL waits for its mutex with the registry locked for writing; whoever has the mutex needs the
// registry to find it again.
// shape: lock cycle
// dead: lock_url, unlock_url, main
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include <snag/snag.h>

struct remote_locks {
  snag::shared_mutex registry;
  std::map<std::string, std::unique_ptr<snag::mutex>> locks;

  void lock_url(const std::string& url) {
    std::unique_lock hold(registry);
    auto& m = locks[url];
    if (!m) m = std::make_unique<snag::mutex>();
    m->lock();  // <- dead 1
  }
  void unlock_url(const std::string& url) {
    std::shared_lock hold(registry);  // <- dead 1
    locks.at(url)->unlock();
  }
};

int main() {
  remote_locks locks;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      locks.lock_url("http://example.org/");
      locks.unlock_url("http://example.org/");
    });
  }
  wg.wait();  // <- dead 1
}
