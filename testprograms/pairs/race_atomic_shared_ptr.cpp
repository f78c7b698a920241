// SPDX-License-Identifier: Apache-2.0
// A configuration that is still changed after it was published.
// verdict: race 20/20
// race: version c->version
#include <atomic>
#include <memory>

#include <snag/snag.h>

struct configuration {
  int version = 0;
};

std::atomic<std::shared_ptr<configuration>> current = std::make_shared<configuration>();

int main() {
  // (Before the other's: libstdc++ counts with acquire and release, which orders more than is promised.)
  const auto c = current.load();
  snag::wait_group wg;
  int seen = 0;
  wg.go([&seen] {
    const auto c = current.load();
    seen = c->version;  // <- 1
  });
  c->version = 2;  // <- 2
  wg.wait();
  return seen == 7;
}
