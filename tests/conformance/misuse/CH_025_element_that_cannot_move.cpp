// SPDX-License-Identifier: Apache-2.0
// expect: the elements of a channel must be movable
#include "snag/snag.h"

struct fixed {
  fixed(const fixed&) = delete;
};
void misuse() { snag::chan<fixed> c; }
