// SPDX-License-Identifier: Apache-2.0
// A probe that nobody waits for reports its failure to the log of a test that has ended.
// shape: race
// race: lines
#include <vector>

#include <snag/snag.h>

struct test_log {
  std::vector<int> lines;
  void error(int code) {
    lines.push_back(code);  // <- 1
  }
  std::size_t flush() {
    return lines.size();  // <- 2
  }
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
  snag::println("{} lines", log.flush());
  prober.wait();
}
