// SPDX-License-Identifier: Apache-2.0
// The proxy's labels have a lock of their own.
// verdict: clean 20/20
#include <memory>
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

struct proxy {
  snag::mutex mu;
  std::shared_ptr<int> labels = std::make_shared<int>(7);
};

struct discovery {
  snag::shared_mutex clients_mu;
  proxy client;

  void workload_update() {
    std::shared_lock hold(clients_mu);
    std::lock_guard hold_labels(client.mu);
    client.labels = nullptr;
  }
  bool push_route() {
    std::lock_guard hold_labels(client.mu);
    return client.labels != nullptr;
  }
};

int main() {
  discovery d;
  snag::wait_group wg;
  wg.go([&] { d.workload_update(); });
  wg.go([&] { snag::println("{}", d.push_route()); });
  wg.wait();
}
