// SPDX-License-Identifier: Apache-2.0
#include "parts.h"

int calls;
void part_two() {
  ++shared_counter;
  if (++calls == 1) return;
  common();
}
