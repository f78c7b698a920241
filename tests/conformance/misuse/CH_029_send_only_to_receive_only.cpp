// SPDX-License-Identifier: Apache-2.0
// expect: a one-way channel converts neither to a two-way one nor to the other direction
#include "snag/snag.h"

void misuse(snag::send_chan<int> c) { snag::recv_chan<int> other(c); }
