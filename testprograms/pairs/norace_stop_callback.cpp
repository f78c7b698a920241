// SPDX-License-Identifier: Apache-2.0
// What a stop callback did happens before the end of ~stop_callback, though both may be on one thread.
// verdict: clean 20/20
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
    seen = reason;
  });
  snag::yield();
  reason = 1;
  source.request_stop();
  wg.wait();
  return seen != 1;
}
