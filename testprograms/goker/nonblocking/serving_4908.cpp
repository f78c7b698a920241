// SPDX-License-Identifier: Apache-2.0
// A goroutine logs through a test that has come to its end.
// shape: race
// race: finished
#include <string>
#include <vector>

#include <snag/snag.h>

// What a test keeps: its log, and whether it is over.
struct test {
  bool finished = false;
  std::vector<std::string> log_lines;

  void log(const std::string& line) {
    if (finished) return;  // <- 1
    log_lines.push_back(line);
  }
  void finish() {
    finished = true;  // <- 2
  }
};

int main() {
  test t;
  snag::wait_group throttler;
  throttler.go([&] { t.log("capacity updated"); });
  t.finish();
  throttler.wait();
}
