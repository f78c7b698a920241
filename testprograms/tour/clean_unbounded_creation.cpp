// SPDX-License-Identifier: Apache-2.0
// A goroutine for each of 5,000 requests: they all exist at once, because nothing limits them.
// Lesson: it works until the memory or a service behind it does not; watch the peak.
// verdict: clean 20/20
// stdout: ^handled 5000, at most 5000 at once\n$
#include <algorithm>
#include <mutex>

#include <snag/snag.h>

int main() {
  constexpr int requests = 5000;
  snag::mutex m;
  int active = 0, peak = 0, handled = 0;
  snag::chan<void> service;
  snag::wait_group wg, arrived;
  arrived.add(requests);
  for (int i = 0; i < requests; ++i) {
    wg.go([&] {
      {
        std::lock_guard hold(m);
        peak = std::max(peak, ++active);
      }
      arrived.done();
      service.recv();
      std::lock_guard hold(m);
      --active;
      ++handled;
    });
  }
  arrived.wait();
  service.close();
  wg.wait();
  snag::println("handled {}, at most {} at once", handled, peak);
}
