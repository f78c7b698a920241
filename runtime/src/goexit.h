// SPDX-License-Identifier: Apache-2.0
#pragma once
// goexit(): a forced unwind (Itanium C++ ABI, exception handling, 1.6.2) of the goroutine's stack. Handlers
// for a type do not see it. A catch (...) does, and if it ends without rethrowing, the runtime of the
// language deletes the exception object: that deletion is where the unwind is taken up again, from inside the
// end of the handler. So it cannot be swallowed. (Rejected: an ordinary exception that is thrown again at the
// next operation of the runtime. It runs user code in between that Go would not run.)
#include "runtime/src/goroutine.h"

namespace snag::detail {

[[noreturn]] void start_goexit(goroutine& self);
// The unwind has reached the goroutine's first frame, and may end with the handler that calls this.
void end_goexit(goroutine& self) noexcept;

}  // namespace snag::detail
