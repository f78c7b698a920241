// SPDX-License-Identifier: Apache-2.0
#include "uninstrumented.h"

void call_and_swallow(void (*f)()) {
  try {
    f();
  } catch (...) {
  }
}

void call_and_rethrow(void (*f)()) {
  try {
    f();
  } catch (...) {
    throw;
  }
}
