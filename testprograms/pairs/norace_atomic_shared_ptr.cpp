// SPDX-License-Identifier: Apache-2.0
// A configuration that is replaced whole, through std::atomic<std::shared_ptr>.
// verdict: clean
#include <atomic>
#include <memory>

#include <snag/snag.h>

struct configuration {
  int version = 0, twice = 0;
};

std::atomic<std::shared_ptr<configuration>> current = std::make_shared<configuration>();

int main() {
  snag::wait_group wg;
  bool wrong[3] = {};
  for (int reader = 0; reader < 3; ++reader)
    wg.go([reader, &wrong] {
      for (int i = 0; i < 5; ++i) {
        const auto c = current.load();
        wrong[reader] |= c->twice != 2 * c->version;
      }
    });
  for (int v = 1; v <= 5; ++v) current.store(std::make_shared<configuration>(configuration{v, 2 * v}));
  wg.wait();
  return wrong[0] || wrong[1] || wrong[2];
}
