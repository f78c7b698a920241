// SPDX-License-Identifier: Apache-2.0
// One inserts into the tree while the other walks it.
// verdict: race 20/20
// race: ages
#include <chrono>
#include <map>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  std::map<int, int> ages = {{1, 30}};
  int sum = 0;
  snag::wait_group wg;
  wg.go([&] { ages[2] = 40; });  // <- 1
  snag::sleep_for(5ms);
  for (const auto& [who, age] : ages) sum += age;  // <- 2
  wg.wait();
  return sum == 7;
}
