// SPDX-License-Identifier: Apache-2.0
// expect: the elements of this channel cannot be copied: send std::move(v)
#include "snag/snag.h"

#include <memory>
bool misuse(snag::chan<std::unique_ptr<int>> c, std::unique_ptr<int> v) { return c.try_send(v); }
