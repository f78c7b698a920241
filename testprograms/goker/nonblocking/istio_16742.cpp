// SPDX-License-Identifier: Apache-2.0
// A proxy's labels are dropped under a lock that is only a read lock of the list of proxies, and read under
// none.
// shape: race
// race: labels
#include <memory>
#include <shared_mutex>

#include <snag/snag.h>

struct proxy {
  std::shared_ptr<int> labels = std::make_shared<int>(7);
};

struct discovery {
  snag::shared_mutex clients_mu;
  proxy client;

  void workload_update() {
    std::shared_lock hold(clients_mu);
    client.labels = nullptr;  // <- 1
  }
  bool push_route() {
    return client.labels != nullptr;  // <- 2
  }
};

int main() {
  discovery d;
  snag::wait_group wg;
  wg.go([&] { d.workload_update(); });
  wg.go([&] { snag::println("{}", d.push_route()); });
  wg.wait();
}
