// SPDX-License-Identifier: Apache-2.0
// One appends to the string, the other asks for its length.
// verdict: race 20/20
// race: line
#include <string>

#include <snag/snag.h>

int main() {
  std::string line = "a";
  snag::wait_group wg;
  wg.go([&] { line += 'b'; });    // <- 1
  bool empty = line.size() == 0;  // <- 2
  wg.wait();
  return empty;
}
