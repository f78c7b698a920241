// SPDX-License-Identifier: Apache-2.0
// expect: no viable conversion from
#include "snag/snag.h"

void misuse(snag::recv_chan<int> c) { snag::send_chan<int> other = c; }
