// SPDX-License-Identifier: Apache-2.0
// A synchronisation of endpoints holds the client's lock while it asks for the leader, for which the client
// locks it for reading.
// shape: self-lock
// dead: ask, called by main
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
    std::shared_lock hold(mu);  // <- dead 1
    return endpoints.front();
  }
  void set_endpoints(std::vector<std::string> fresh) {
    endpoints = std::move(fresh);
    pinned = ask();
  }
  void sync() {
    std::lock_guard hold(mu);
    set_endpoints({"b", "c"});
  }
};

int main() {
  client c;
  c.sync();
}
