// SPDX-License-Identifier: Apache-2.0
// Clearing the buffer writes all of it, also the byte that is being read.
// verdict: race 20/20
// race: buffer
#include <cstring>

#include <snag/snag.h>

char buffer[256];

int main() {
  snag::wait_group wg;
  wg.go([] { std::memset(buffer, 1, sizeof buffer); });  // <- 1
  char last = buffer[255];                               // <- 2
  wg.wait();
  return last == 7;
}
