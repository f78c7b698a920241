// SPDX-License-Identifier: Apache-2.0
// expect: a select has at most one default
#include "snag/snag.h"

void misuse() { snag::select(snag::on_default(), snag::on_default()); }
