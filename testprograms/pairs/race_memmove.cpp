// SPDX-License-Identifier: Apache-2.0
// memmove reads its source and writes its destination; the source is being written.
// verdict: race 20/20
// race: queue_items
#include <cstring>

#include <snag/snag.h>

int queue_items[32];

int main() {
  snag::wait_group wg;
  wg.go([] { std::memmove(queue_items, queue_items + 1, 31 * sizeof(int)); });  // <- 1
  queue_items[31] = 5;                                                          // <- 2
  wg.wait();
  return queue_items[30] == 7;
}
