// SPDX-License-Identifier: Apache-2.0
// The lock_guard is released by unwinding, the handler locks again: everything stays ordered.
// verdict: clean 20/20
#include <mutex>
#include <stdexcept>

#include <snag/snag.h>

int main() {
  int attempts = 0, failures = 0;
  snag::mutex m;
  auto attempt = [&] {
    try {
      std::lock_guard hold(m);
      ++attempts;
      throw std::runtime_error("disk full");
    } catch (const std::exception&) {
      std::lock_guard hold(m);
      ++failures;
    }
  };
  snag::wait_group wg;
  wg.go(attempt);
  attempt();
  wg.wait();
  return attempts != failures;
}
