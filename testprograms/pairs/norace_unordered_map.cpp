// SPDX-License-Identifier: Apache-2.0
// Looking up in a table that nobody changes is reading.
// verdict: clean 20/20
#include <unordered_map>

#include <snag/snag.h>

int main() {
  const std::unordered_map<int, int> words = {{1, 10}, {2, 20}};
  int a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] { a = words.at(1); });
  wg.go([&] { b = words.find(2)->second; });
  wg.wait();
  return a + b != 30;
}
