// SPDX-License-Identifier: Apache-2.0
// The future orders what came before set_value, and nothing after it.
// verdict: race 20/20
// race: log_lines
#include <future>
#include <thread>

int log_lines = 0;

int main() {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread t([&] {
    promise.set_value(1);
    log_lines = 1;  // <- 1
  });
  result.get();
  int seen = log_lines;  // <- 2
  t.join();
  return seen == 7;
}
