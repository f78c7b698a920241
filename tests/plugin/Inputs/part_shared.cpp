// SPDX-License-Identifier: Apache-2.0
#include "parts.h"

int shared_counter;
void part_shared() { ++shared_counter; }
