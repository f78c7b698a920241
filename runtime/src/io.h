// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the scheduler has to know about input and output: whether it may still wake somebody.

namespace snag::detail {

bool io_pending() noexcept;  // the loop may ready a goroutine without anybody's help
// Waits until the loop's thread has been outside of the loop, where it holds none of its locks and has woken
// whom it had to. Only where everybody else is asleep: it takes that thread's attention.
void settle_io() noexcept;
void forget_io_in_child() noexcept;  // of a fork: the thread is gone

}  // namespace snag::detail
