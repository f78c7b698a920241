// SPDX-License-Identifier: Apache-2.0
// Eight goroutines write the eight bytes of one word: eight memory locations.
// verdict: clean 20/20
#include <snag/snag.h>

alignas(8) unsigned char raw[8];

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 8; ++i) wg.go([i] { raw[i] = static_cast<unsigned char>(i); });
  wg.wait();
  return raw[7] != 7;
}
