// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps the findings of this process: one for each fingerprint, with a count. Text is written when a finding
// is found, so a SIGKILL loses nothing; JSON is rendered then and written as a document at the end, and also,
// since the end may not come, each time the number of findings has grown by an eighth.
//
// report() (race.h) is called on the racing thread. Resolving costs milliseconds, so repeats are recognised
// first by their raw key (sites, contexts, kinds): after 64 resolved repeats that brought nothing new, the
// key alone counts. Until then each is resolved, because one line of code may race on several variables.
//
// Thread-safe. What signal handlers use is marked.
#include "detector/render_text.h"
#include "detector/src/render_json.h"
#include "detector/src/report_options.h"
#include "detector/src/suppressions.h"

namespace snag::detector {

// Once, before the first report.
void configure_reporter(const report_options&, suppression_list = {}) noexcept;
const report_options& reporter_options() noexcept;

// Adds a finding that needs no resolving, or counts it. Sets its fingerprint.
void keep(finding) noexcept;

// --- For the end of the process. Async-signal-safe.
std::uint64_t findings_kept() noexcept;  // distinct
bool gating_findings() noexcept;
// Not async-signal-safe: the run ends in good order, so what it could not see is counted now, once. Whether
// it saw everything.
bool take_final_audit() noexcept;
// Writes what the log does not say yet: the summary (text) or the document (JSON).
void write_ending(const run_end&) noexcept;
// The process is about to become another program: a document that has not been written goes to FILE.PID.
void write_before_exec() noexcept;
// Waits, at most a second, for a report that another thread is making.
bool hold_reports() noexcept;
void release_reports() noexcept;

// --- Fork: the child starts with no findings; its parent's are its parent's to report.
void forget_findings_after_fork() noexcept;

}  // namespace snag::detector
