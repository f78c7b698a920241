// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "snag/config.h"

namespace snag {

// Reports the goroutines and threads that can never run again, as found at this moment; those that were
// reported before are not again. The program stands still meanwhile: microseconds, and about half a second
// for each million goroutines. Without a detector this does nothing.
void look_for_deadlocks();

}  // namespace snag
