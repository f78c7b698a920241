// SPDX-License-Identifier: Apache-2.0
// expect: recv() needs a default value, for when the channel is closed: use next()
#include "snag/snag.h"

struct number {
  explicit number(int);
};
number misuse(snag::chan<number> c) { return c.recv(); }
