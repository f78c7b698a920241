// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fatal signals. Handlers go only where the disposition was the default when the program started, so whatever
// the user installs wins; the runtime's own handler for exhausted goroutine stacks is installed after ours
// and passes on what is not its. A handler names the crash, keeps the findings, then ends the process: with
// the gate's status if a finding gates, else by the same signal with its default action, so that the parent
// and the core dump see what happened.
#include <cstddef>

namespace snag::detector {

void watch_for_crashes() noexcept;

// "3 findings", "1 finding", "no findings", for messages. Async-signal-safe; writes into `out`.
const char* finding_count_text(char (&out)[24]) noexcept;

}  // namespace snag::detector
