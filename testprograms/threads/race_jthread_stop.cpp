// SPDX-License-Identifier: Apache-2.0
// A worker that sees the stop request reads a reason that is only written after the request.
// verdict: race 20/20
// race: reason
#include <stop_token>
#include <thread>

int reason = 0;

int main() {
  int seen = 0;
  std::jthread worker([&](std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
    seen = reason;  // <- 1
  });
  worker.request_stop();
  reason = 42;  // <- 2
  worker.join();
  return seen == 7;
}
