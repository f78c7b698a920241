// SPDX-License-Identifier: Apache-2.0
// Both lock the chain.
// verdict: clean 20/20
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct fake_client {
  snag::mutex mu;
  std::vector<int> chain{1, 2};

  void prepend_reactor(int reactor) {
    std::lock_guard hold(mu);
    chain.insert(chain.begin(), reactor);
  }
  int invoke() {
    std::lock_guard hold(mu);
    int sum = 0;
    for (int reactor : chain) sum += reactor;
    return sum;
  }
};

int main() {
  fake_client client;
  snag::wait_group controller;
  controller.go([&] { snag::println("{}", client.invoke()); });
  client.prepend_reactor(3);
  controller.wait();
}
