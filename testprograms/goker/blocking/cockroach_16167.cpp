// SPDX-License-Identifier: Apache-2.0
// An executor waits for its first configuration with a read lock, then reads it under the same read lock once
// more; an update has queued for writing in between.
// shape: queued-writer
// dead: read_config, update
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

struct executor {
  snag::shared_mutex mu;
  snag::condition_variable updated;
  int config = 0;

  int read_config() {
    std::shared_lock hold(mu);  // <- dead 1
    return config;
  }
  int execute() {
    std::shared_lock hold(mu);
    while (config == 0) updated.wait(hold);
    return read_config();
  }
  void update() {
    std::unique_lock hold(mu);  // <- dead 1
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
