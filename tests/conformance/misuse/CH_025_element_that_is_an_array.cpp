// SPDX-License-Identifier: Apache-2.0
// expect: a channel carries values, not arrays or functions: use std::array, or a pointer
#include "snag/snag.h"

void misuse() { snag::chan<int[3]> c; }
