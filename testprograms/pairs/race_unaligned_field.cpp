// SPDX-License-Identifier: Apache-2.0
// Packed: the int straddles two words, and the byte that both touch is in the second.
// verdict: race 20/20
// race: header h length kind raw
#include <snag/snag.h>

struct [[gnu::packed]] header {
  char pad[6];
  int length;
  char kind;
};

union {
  header h;
  char raw[16];
} u;

int main() {
  snag::wait_group wg;
  wg.go([] { u.h.length = 0x01020304; });  // <- 1
  u.raw[9] = 5;                            // <- 2
  wg.wait();
  return u.raw[9] == 7;
}
