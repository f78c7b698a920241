// SPDX-License-Identifier: Apache-2.0
// The count is atomic.
// verdict: clean 20/20
#include <atomic>
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct callback_recorder {
  std::atomic<int> callbacks = 0;
  void evicted() { ++callbacks; }
};

int main() {
  callback_recorder r;
  snag::wait_group evicter;
  evicter.go([&] {
    for (int i = 0; i < 3; ++i) {
      snag::sleep_for(1ms);
      r.evicted();
    }
  });
  snag::sleep_for(5ms);
  snag::println("{}", r.callbacks > 0);
  evicter.wait();
}
