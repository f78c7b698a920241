// SPDX-License-Identifier: Apache-2.0
// A thread waits for a goroutine's promise; the order is completed after it was kept.
// verdict: race 20/20
// race: order
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
    seen = order;  // <- 1
  });
  snag::wait_group all;
  all.go([&] {
    snag::yield();
    promise.set_value();
    order = 3;  // <- 2
  });
  all.wait();
  waiting.join();
  return seen > 3;
}
