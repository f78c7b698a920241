// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calling goroutine and the scheduler, as a program may see and steer them.
#include <cstdint>
#include <string>

namespace snag {

void yield();                  // lets others run (runtime.Gosched)
std::int64_t num_goroutine();  // alive, main included
// OS threads that run goroutines at once; n < 1 only asks. Returns the previous value. The default is the
// number of CPUs this process may use. A seeded run always has one.
int max_procs(int n);

void set_goroutine_name(const char* name);  // copied, null: none; shown in dumps, statistics and reports
std::string stack_trace();                  // the caller's, as dumps print it (debug.Stack)

// From here to the matching unlock_os_thread() the calling goroutine keeps its OS thread, and no other
// goroutine runs on it: for libraries that keep state in the thread. Calls nest; one unlock too many does
// nothing. The thread of a goroutine that ends locked ends as well. A seeded run has one thread, for
// everybody.
void lock_os_thread();
void unlock_os_thread();

// Ends the calling goroutine: every destructor and defer on its stack runs. catch (...) sees it pass but
// cannot stop it (even without a rethrow it goes on when the handler ends); catch of a type does not see it.
// It may not cross a noexcept function. From main: the others go on, and the program ends with a fatal error
// once none is left.
[[noreturn]] void goexit();

std::uint64_t goroutine_id();  // of the caller; foreign threads have one, too
const char* goroutine_name();  // "" if it has none

}  // namespace snag
