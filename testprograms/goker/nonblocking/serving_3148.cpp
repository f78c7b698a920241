// SPDX-License-Identifier: Apache-2.0
// A test puts a reaction in front while the controller goes through the chain of them.
// shape: race
// race: chain
#include <utility>
#include <vector>

#include <snag/snag.h>

struct fake_client {
  std::vector<int> chain{1, 2};

  void prepend_reactor(int reactor) {
    std::vector<int> longer{reactor};
    longer.insert(longer.end(), chain.begin(), chain.end());  // <- 1
    chain = std::move(longer);                                // <- 1
  }
  int invoke() {
    int sum = 0;
    for (int reactor : chain) sum += reactor;  // <- 2
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
