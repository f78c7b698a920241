// SPDX-License-Identifier: Apache-2.0
// Packed neighbours share words and no bytes.
// verdict: clean 20/20
#include <snag/snag.h>

struct [[gnu::packed]] header {
  char pad[6];
  int length;
  char kind;
};

header h;

int main() {
  snag::wait_group wg;
  wg.go([] { h.length = 0x01020304; });
  wg.go([] { h.kind = 1; });
  h.pad[5] = 2;
  wg.wait();
  return h.length != 0x01020304 || h.kind != 1 || h.pad[5] != 2;
}
