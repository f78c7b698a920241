// SPDX-License-Identifier: Apache-2.0
// The leader is asked for before the lock is taken.
// verdict: clean 20/20
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include <snag/snag.h>

struct client {
  snag::shared_mutex mu;
  std::vector<std::string> endpoints{"a", "b"};
  std::string pinned;

  std::string ask() {
    std::shared_lock hold(mu);
    return endpoints.front();
  }
  void set_endpoints(std::vector<std::string> fresh) {
    std::string leader = ask();
    std::lock_guard hold(mu);
    endpoints = std::move(fresh);
    pinned = std::move(leader);
  }
  void sync() { set_endpoints({"b", "c"}); }
};

int main() {
  client c;
  c.sync();
}
