// SPDX-License-Identifier: Apache-2.0
// expect: the elements of a channel must be smaller than 64 KiB
#include "snag/snag.h"

struct big {
  char bytes[65536];
};
void misuse() { snag::chan<big> c; }
