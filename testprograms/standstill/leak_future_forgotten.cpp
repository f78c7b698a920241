// SPDX-License-Identifier: Apache-2.0
// Who was to keep the promise has moved it to a place that nobody knows any more.
// verdict: leak 20/20
// shape: orphan
#include <future>
#include <thread>

#include "look.h"

// Both know of the shared state, and only of that.
[[gnu::noinline]] void start() {
  auto* const promise = new std::promise<int>;
  std::thread([result = promise->get_future()]() mutable { result.get(); }).detach();
}

int main() {
  start();
  await_finding();
}
