// SPDX-License-Identifier: Apache-2.0
// Inserting different keys still writes the same table.
// verdict: race 20/20
// race: words
#include <chrono>
#include <unordered_map>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  std::unordered_map<int, int> words;
  snag::wait_group wg;
  wg.go([&] { words[1] = 1; });  // <- 1
  wg.go([&] {
    snag::sleep_for(5ms);
    words[2] = 1;  // <- 2
  });
  wg.wait();
  return words.size() == 7;
}
