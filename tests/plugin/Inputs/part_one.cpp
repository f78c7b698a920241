// SPDX-License-Identifier: Apache-2.0
#include "logging_hooks.h"
#include "parts.h"

int main() {
  log_begin();
  ++shared_counter;
  part_two();
  part_three();
  part_shared();
  common();
  part_two();
  log_end();
  return shared_counter == 7 ? 0 : 1;
}
