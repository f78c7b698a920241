// SPDX-License-Identifier: Apache-2.0
// The cure: a buffered channel as a counting semaphore lets ten of them work at a time.
// Lesson: take a token before the go statement, give it back at the end.
// verdict: clean 20/20
// stdout: ^handled 1000, never more than 10 at once\n$
#include <algorithm>
#include <mutex>

#include <snag/snag.h>

int main() {
  constexpr int requests = 1000, limit = 10;
  snag::mutex m;
  int active = 0, peak = 0, handled = 0;
  snag::chan<void> tokens(limit);
  snag::wait_group wg;
  for (int i = 0; i < requests; ++i) {
    tokens.send();
    wg.go([&] {
      snag::defer give_back([&] { tokens.recv(); });
      {
        std::lock_guard hold(m);
        peak = std::max(peak, ++active);
      }
      snag::yield();
      std::lock_guard hold(m);
      --active;
      ++handled;
    });
  }
  wg.wait();
  snag::println("handled {}, never more than {} at once", handled, peak <= limit ? limit : peak);
}
