// SPDX-License-Identifier: Apache-2.0
#include "parts.h"

void part_three(void) { shared_counter++; }
