// SPDX-License-Identifier: Apache-2.0
#include "two_units.h"

void account::deposit(int amount) { balance += amount; }
