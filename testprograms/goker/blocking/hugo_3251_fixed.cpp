// SPDX-License-Identifier: Apache-2.0
// The registry is unlocked before the URL's mutex is waited for.
// verdict: clean 20/20
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
    snag::mutex* mine = nullptr;
    {
      std::unique_lock hold(registry);
      auto& m = locks[url];
      if (!m) m = std::make_unique<snag::mutex>();
      mine = m.get();
    }
    mine->lock();
  }
  void unlock_url(const std::string& url) {
    std::shared_lock hold(registry);
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
  wg.wait();
}
