// SPDX-License-Identifier: Apache-2.0
// main's outermost variables last as long as anybody; those of its blocks do not.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  int seen = 0;
  {
    int x = 1;
    wg.go([&] {
      seen = x;  // <- 2
    });
  }  // <- 1
  wg.wait();
  return seen == 7;
}
