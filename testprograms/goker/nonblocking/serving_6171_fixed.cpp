// SPDX-License-Identifier: Apache-2.0
// The probe is waited for.
// verdict: clean 20/20
#include <vector>

#include <snag/snag.h>

struct test_log {
  std::vector<int> lines;
  void error(int code) { lines.push_back(code); }
  std::size_t flush() { return lines.size(); }
};

int main() {
  test_log log;
  snag::chan<void> probed;
  snag::wait_group prober;
  prober.go([&] {
    probed.close();
    log.error(503);
  });
  probed.recv();
  prober.wait();
  snag::println("{} lines", log.flush());
}
