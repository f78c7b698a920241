// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the runtime ends the program on its own account. Everything goes to stderr in Go's words; the observer
// is told before the process exits, and standard output is flushed as far as that cannot block.
#include <cstdint>

namespace snag::detail {

struct goroutine;
class scheduler;

void install_terminate_handler() noexcept;

// One message is printed even if several goroutines die at once: the others wait here for the exit.
void begin_dying() noexcept;
void note_that_it_will_die() noexcept;  // before: what it dies of is still being put into words
void wait_if_dying() noexcept;          // does not return if another thread has begun to
[[noreturn]] void finish_dying(int status) noexcept;

[[noreturn]] void out_of_memory(const char* what) noexcept;  // "fatal error: out of memory: …"
// "fatal error: all goroutines are asleep - deadlock!" and every goroutine.
[[noreturn]] void die_of_deadlock(const scheduler*) noexcept;  // null: there are only threads
// The exception being handled left goroutine `self`: a panic.
[[noreturn]] void die_of_exception(goroutine& self) noexcept;
// The same for std::terminate, where there may be no exception: then `otherwise` is the message. `frame`:
// where the stack starts if nobody noted the throw.
[[noreturn]] void die_of_exception(goroutine& self, const char* otherwise, const void* frame) noexcept;

}  // namespace snag::detail
