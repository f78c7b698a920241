// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the thin public operations are compiled: inlined even at -O0, so that the return address the library
// sees, which is the operation's site, lies in the user's function.
#include "snag/config.h"

#define SNAG_INLINE [[gnu::always_inline]] inline
