// SPDX-License-Identifier: Apache-2.0
// The same after the wait; and two goroutines may format one string, each into its own buffer.
// verdict: clean 20/20
#include <cstdio>

#include <snag/snag.h>

char name[16] = "nobody";
char lines[2][32];

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([i] { std::snprintf(lines[i], sizeof lines[i], "<%s>", name); });
  wg.wait();
  name[0] = 'N';
  return lines[0][0] != lines[1][0];
}
