// SPDX-License-Identifier: Apache-2.0
// expect: a send-only channel cannot be received from
#include "snag/snag.h"

void misuse(snag::send_chan<int> c) {
  for (int v : c) static_cast<void>(v);
}
