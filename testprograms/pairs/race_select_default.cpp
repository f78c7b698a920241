// SPDX-License-Identifier: Apache-2.0
// The default case runs because nothing was ready: it has met nobody.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] { x = 1; });  // <- 1
  snag::select(snag::on_recv(c, [](int) {}), snag::on_default([&] {
                 x = 2;  // <- 2
               }));
  wg.wait();
  return x == 7;
}
