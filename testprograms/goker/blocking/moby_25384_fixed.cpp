// SPDX-License-Identifier: Apache-2.0
// All are started before any is waited for.
// verdict: clean 20/20
#include <string>
#include <vector>

#include <snag/snag.h>

void init(std::vector<std::string> plugins) {
  snag::wait_group group;
  group.add(static_cast<int>(plugins.size()));
  for (const auto& plugin : plugins) {
    snag::go([group, plugin] {
      snag::println("restoring {}", plugin);
      group.done();
    });
  }
  group.wait();
}

int main() {
  snag::go(init, std::vector<std::string>{"volume", "network"});
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
