// SPDX-License-Identifier: Apache-2.0
#pragma once
// A thread that an observer makes for itself: it never acts for the program, so "all goroutines are asleep"
// takes no account of it, nor does the end of a process whose main thread has left.
namespace snag::events {

// By the thread itself, first of all. For its whole life.
void this_is_an_observers_thread() noexcept;

}  // namespace snag::events
