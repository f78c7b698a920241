// SPDX-License-Identifier: Apache-2.0
// A cache's evicter counts its callbacks; the test reads the count while it runs.
// shape: race
// race: callbacks
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct callback_recorder {
  int callbacks = 0;
  void evicted() {
    ++callbacks;  // <- 1
  }
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
  snag::println("{}", r.callbacks > 0);  // <- 2
  evicter.wait();
}
