// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run could not see, said at its end: a run without findings means something only together with it.
// Taken once, at the end; not async-signal-safe. Thread-safe.
#include "detector/src/internal_memory.h"
#include "detector/src/race.h"

namespace snag::detector {

struct audit {
  core_usage usage;
  coverage_gaps gaps;
  std::uint64_t dropped =
      0;  // findings that were counted and not resolved: made below a handler of the reporter's own
  vector<string> unseen;  // modules without instrumentation that instrumented code called, without folders

  std::uint64_t skipped() const { return gaps.in_signal_handlers + gaps.by_nobody + gaps.unrecorded; }
  bool complete() const { return skipped() + dropped == 0 && unseen.empty(); }
};

audit take_audit(std::uint64_t dropped_findings);

// "snag: checked …": one line; with `full`, a line for each thing that was counted.
string render_audit(const audit&, bool full);

}  // namespace snag::detector
