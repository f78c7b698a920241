// SPDX-License-Identifier: Apache-2.0
// The exception was delivered, and counted only afterwards.
// verdict: race 20/20
// race: attempts
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
      promise.set_exception(std::current_exception());
      attempts++;  // <- 1
    }
  });
  int seen = 0;
  try {
    result.get();
  } catch (const std::runtime_error&) {
    seen = attempts;  // <- 2
  }
  worker.join();
  return seen > 1;
}
