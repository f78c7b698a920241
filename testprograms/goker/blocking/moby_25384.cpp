// SPDX-License-Identifier: Apache-2.0
// As many plug-ins are announced as there are, and waited for after each that is started.
// shape: WaitGroup never zero
// dead: init
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
    group.wait();  // <- dead 1
  }
}

int main() {
  snag::go(init, std::vector<std::string>{"volume", "network"});
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
