// SPDX-License-Identifier: Apache-2.0
// The moved range and the written element do not touch.
// verdict: clean 20/20
#include <cstring>

#include <snag/snag.h>

int queue_items[32];

int main() {
  snag::wait_group wg;
  wg.go([] { std::memmove(queue_items, queue_items + 1, 30 * sizeof(int)); });
  queue_items[31] = 5;
  wg.wait();
  return queue_items[31] != 5;
}
