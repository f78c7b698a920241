// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the scheduler has to know about input and output: whether it may still wake somebody.

namespace snag::detail {

bool io_pending() noexcept;          // the loop may ready a goroutine without anybody's help
void forget_io_in_child() noexcept;  // of a fork: the thread is gone

}  // namespace snag::detail
