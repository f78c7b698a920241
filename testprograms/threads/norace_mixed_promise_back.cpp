// SPDX-License-Identifier: Apache-2.0
// A thread waits for a goroutine's promise, which is kept when the order is complete.
// verdict: clean 20/20
#include <future>
#include <thread>

#include <snag/snag.h>

int order = 0;

int main() {
  std::promise<void> promise;
  std::future<void> kept = promise.get_future();
  int seen = 0;
  std::thread waiting([&] {
    kept.wait();
    seen = order;
  });
  snag::wait_group all;
  all.go([&] {
    snag::yield();
    order = 3;
    promise.set_value();
  });
  all.wait();
  waiting.join();
  return seen != 3;
}
