// SPDX-License-Identifier: Apache-2.0
// What is done after a stop was requested is not ordered before what the callback's owner does.
// verdict: race 20/20
// race: reason reason
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include <snag/snag.h>

int main() {
  std::mutex m;
  std::condition_variable_any stopped;
  std::stop_source source;
  int reason = 0, seen = 0;
  snag::wait_group wg;
  wg.go([&] {
    std::unique_lock lock(m);
    stopped.wait(lock, source.get_token(), [] { return false; });
    seen = reason;  // <- 1
  });
  snag::yield();
  source.request_stop();
  reason = 1;  // <- 2
  wg.wait();
  return seen == 7;
}
