// SPDX-License-Identifier: Apache-2.0
// Each goroutine appends to a copy of its own.
// verdict: clean 20/20
#include <string>

#include <snag/snag.h>

int main() {
  std::string line = "a";
  snag::wait_group wg;
  wg.go([mine = line]() mutable { mine += 'b'; });
  line += 'c';
  wg.wait();
  return line != "ac";
}
