// SPDX-License-Identifier: Apache-2.0
// What already holds the read lock reads the configuration without taking it again.
// verdict: clean 20/20
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

struct executor {
  snag::shared_mutex mu;
  snag::condition_variable updated;
  int config = 0;

  int read_config() { return config; }
  int execute() {
    std::shared_lock hold(mu);
    while (config == 0) updated.wait(hold);
    return read_config();
  }
  void update() {
    std::unique_lock hold(mu);
    ++config;
    updated.notify_all();
  }
};

int main() {
  executor e;
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 0; i < 3; ++i) e.update();
  });
  const int seen = e.execute();
  wg.wait();
  snag::println("{}", seen > 0);
}
