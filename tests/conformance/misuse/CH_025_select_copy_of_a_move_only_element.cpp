// SPDX-License-Identifier: Apache-2.0
// expect: the elements of this channel cannot be copied: send std::move(v)
#include "snag/snag.h"

#include <memory>
void misuse(snag::chan<std::unique_ptr<int>> c, std::unique_ptr<int> v) { snag::select(snag::on_send(c, v)); }
