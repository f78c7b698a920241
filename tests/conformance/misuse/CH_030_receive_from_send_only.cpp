// SPDX-License-Identifier: Apache-2.0
// expect: a send-only channel cannot be received from
#include "snag/snag.h"

int misuse(snag::send_chan<int> c) { return c.recv(); }
