// SPDX-License-Identifier: Apache-2.0
// Formatting writes its buffer and reads the strings it is given, inside libc.
// verdict: race 20/20
// race: name line
#include <cstdio>

#include <snag/snag.h>

char name[16] = "nobody";
char line[32];

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::snprintf(line, sizeof line, "<%s>", name);  // <- 1
  });
  name[0] = 'N';     // <- 2
  char c = line[0];  // <- 2
  wg.wait();
  return c == 'x';
}
