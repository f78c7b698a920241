// SPDX-License-Identifier: Apache-2.0
// A goroutine gets a future's value from a thread; the details follow after set_value.
// verdict: race 20/20
// race: details
#include <future>
#include <thread>

#include <snag/snag.h>

int details = 0;

int main() {
  std::promise<int> promise;
  std::future<int> value = promise.get_future();
  int seen = 0;
  snag::wait_group all;
  all.go([&] {
    seen = value.get();
    seen += details;  // <- 1
  });
  std::thread answering([&] {
    promise.set_value(40);
    details = 2;  // <- 2
  });
  all.wait();
  answering.join();
  return seen < 40;
}
