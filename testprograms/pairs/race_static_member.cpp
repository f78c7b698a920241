// SPDX-License-Identifier: Apache-2.0
// A static member belongs to all objects of the class.
// verdict: race 20/20
// race: alive connection
#include <snag/snag.h>

struct connection {
  connection() { ++alive; }  // <- 1 2
  static inline int alive = 0;
};

int main() {
  snag::wait_group wg;
  wg.go([] { connection c; });
  wg.go([] { connection c; });
  wg.wait();
  return connection::alive == 7;
}
