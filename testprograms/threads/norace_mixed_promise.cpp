// SPDX-License-Identifier: Apache-2.0
// A goroutine gets a future's value from a thread, with the details that were written before.
// verdict: clean 20/20
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
    seen += details;
  });
  std::thread answering([&] {
    details = 2;
    promise.set_value(40);
  });
  all.wait();
  answering.join();
  return seen != 42;
}
