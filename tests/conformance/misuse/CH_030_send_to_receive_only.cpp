// SPDX-License-Identifier: Apache-2.0
// expect: a receive-only channel cannot be sent to
#include "snag/snag.h"

void misuse(snag::recv_chan<int> c) { c << 1; }
