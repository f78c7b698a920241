// SPDX-License-Identifier: Apache-2.0
// request_stop happens before whatever sees it in the token: the reason that was written first can be read.
// verdict: clean 20/20
#include <stop_token>
#include <thread>

int reason = 0;

int main() {
  int seen = 0;
  std::jthread worker([&](std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
    seen = reason;
  });
  reason = 42;
  worker.request_stop();
  worker.join();
  return seen != 42;
}
