// SPDX-License-Identifier: Apache-2.0
// Finding a pair orders nothing after it: what the finder does is not ordered before a later store, even
// under the same key.
// verdict: race 20/20
// race: counter
#include <snag/snag.h>

int main() {
  int counter = 0;
  snag::sync_map<int, int> map;
  map.store(1, 1);
  snag::wait_group wg;
  wg.go([&] {
    ++counter;  // <- 1 2
    (void)map.load(1);
  });
  map.store(2, 2);
  (void)map.load(1);
  map.store(1, 2);
  ++counter;  // <- 1 2
  wg.wait();
  return counter > 2;
}
