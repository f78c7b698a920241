// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where reports go: standard error, or the file that log_path names. Everything but open_log is
// async-signal-safe.
//
// Text is appended, each report by one write, so several processes may share the file. The file is opened for
// each report: a program may close descriptors it does not know. A JSON document replaces the file atomically
// (temporary file in the same folder, then rename); a document that another process put there since this one
// started is not overwritten: ours then goes to FILE.PID. So do the documents of forked children. "%p" in the
// name stands for the process id; "stderr" and "stdout" are the streams; devices and pipes are written to
// directly. What cannot be written there goes to standard error, a JSON document once, at the end.
#include "detector/src/render_json.h"
#include "detector/src/report_options.h"

namespace snag::detector {

// Names the destination and checks that it can be written to; if not, says so in one line on standard error,
// which takes the reports then.
void open_log(const report_options&) noexcept;
void log_text(const char* bytes, std::size_t n) noexcept;
void log_document(const kept_finding* first, const unlisted_findings&, const run_end&) noexcept;
bool log_is_terminal() noexcept;
// Whether documents go to FILE.PID: those of a forked child, or of a process about to become another program.
// Answers what was the case before.
bool log_under_own_name(bool) noexcept;
// True while a document can be replaced by a later one: only a regular file.
bool log_is_replaceable() noexcept;

// One line on standard error, whatever the destination: "snag: " and a newline are added.
void say_parts(const char* const* parts, unsigned count) noexcept;
template <class... Parts>
void say(Parts... parts) noexcept {
  const char* const list[] = {parts...};
  say_parts(list, sizeof...(parts));
}

}  // namespace snag::detector
