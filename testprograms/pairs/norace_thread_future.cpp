// SPDX-License-Identifier: Apache-2.0
// set_value happens before get returns.
// verdict: clean 20/20
#include <future>
#include <thread>

int log_lines = 0;

int main() {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread t([&] {
    log_lines = 1;
    promise.set_value(1);
  });
  result.get();
  int seen = log_lines;
  t.join();
  return seen != 1;
}
