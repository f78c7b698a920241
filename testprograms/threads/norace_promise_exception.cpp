// SPDX-License-Identifier: Apache-2.0
// set_exception happens before get throws.
// verdict: clean 20/20
#include <exception>
#include <future>
#include <stdexcept>
#include <thread>

int attempts = 0;

int main() {
  std::promise<void> promise;
  std::future<void> result = promise.get_future();
  std::thread worker([&] {
    try {
      throw std::runtime_error("no answer");
    } catch (...) {
      attempts++;
      promise.set_exception(std::current_exception());
    }
  });
  int seen = 0;
  try {
    result.get();
  } catch (const std::runtime_error&) {
    seen = attempts;
  }
  worker.join();
  return seen != 1;
}
