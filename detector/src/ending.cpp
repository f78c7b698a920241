// SPDX-License-Identifier: Apache-2.0
#include "detector/src/ending.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <utility>

#include "detector/src/crash.h"
#include "detector/src/interpose.h"
#include "detector/src/loader_turns.h"
#include "detector/src/module_gate.h"
#include "detector/src/patience.h"
#include "detector/src/race.h"
#include "detector/src/raw_io.h"
#include "detector/src/report_log.h"
#include "detector/src/reporter.h"
#include "detector/src/text.h"
#include "detector/src/tsan_format.h"
#include "runtime/options.h"

// The program may define it, for ThreadSanitizer.
extern "C" [[gnu::weak]] const char* __tsan_default_suppressions();

namespace snag::detector {
namespace {

constinit std::atomic<int> own_pid{0};  // 0: not started
constinit std::atomic<int> quick_exit_status{0};
constinit bool forked = false;
constinit bool own_error = false;  // internal_error: status 70 stays

// As far as it cannot block: another thread may sit in a write on standard output with its lock held.
void flush_standard_output() noexcept {
  if (ftrylockfile(stdout) != 0) return;
  fflush_unlocked(stdout);
  funlockfile(stdout);
}

// What only the end of the program shows. Once: exit() may be called again, with another status.
void tell_of_the_end(int status) noexcept {
  constinit static bool done = false;
  if (!std::exchange(done, true) && is_own_process()) tell_unjoined_threads(status);
}

void at_exit(int status, void*) {
  tell_of_the_end(status);
  const internal_scope scope;
  flush_standard_output();
  const int wanted = finish({"exit", nullptr, status & 0xff});
  if (wanted != (status & 0xff)) exit(wanted);
}

void at_quick_exit_end() {
  const internal_scope scope;
  raw_exit(finish({"exit", nullptr, quick_exit_status.load()}));
}

constinit bool held_for_fork = false;
constinit bool closed_for_fork = false;
void before_fork() {
  for (unsigned round = 0;; ++round) {
    held_for_fork = hold_reports();
    closed_for_fork = module_gate::try_close();
    if (closed_for_fork || round == patient_rounds) return;
    // Whoever looks at the modules may need the reports, or the core, to come to an end.
    if (held_for_fork) release_reports();
    step_aside_before_fork(round);
  }
}
void after_fork_in_parent() {
  if (closed_for_fork) module_gate::open();
  if (held_for_fork) release_reports();
}
void after_fork_in_child() {
  module_gate::open_in_child();
  loader_turn::forget_after_fork();
  own_pid = raw_pid();
  forked = true;
  forget_findings_after_fork();
  log_under_own_name(true);
}

}  // namespace

bool is_own_process() noexcept { return own_pid.load(std::memory_order_relaxed) == raw_pid(); }

int gated(int status, bool complete) noexcept {
  const int configured = reporter_options().exit_code;
  const bool gates = gating_findings() || (!complete && reporter_options().fail_on_unseen);
  return status == 2 || own_error || configured == 0 || !gates ? status : configured;
}

int finish(const run_end& end) noexcept {
  if (!is_own_process()) return end.status;
  thread_ends_process();
  const bool held = hold_reports();
  run_end told = end;
  const bool in_good_order = std::string_view(end.reason) == "exit";
  const bool complete = !in_good_order || take_final_audit();
  told.status =
      gated(told.status, complete);  // a negative one stays where nothing gates: the process dies by a signal
  // A child that found nothing has nothing to add to its parent's document.
  if (!forked || findings_kept() != 0) write_ending(told);
  if (held) release_reports();
  return told.status;
}

void halt() noexcept {
  flush_standard_output();
  const int status = reporter_options().exit_code;
  if (reporter_options().format == report_format::json) write_ending({"halted", nullptr, status});
  raw_exit(status);
}

// The runtime asks at main's return and before it ends the process itself. The former is followed by exit's
// handlers, during which races still count; only the latter (status 2) is the last chance to speak.
int finalize(int status) noexcept {
  const internal_scope scope;
  if (status == 2) return finish({"exit", nullptr, 2});
  return is_own_process() ? gated(status) : status;
}

void internal_error(const char* message) noexcept {
  constinit static std::atomic<bool> again{false};
  if (again.exchange(true)) raw_exit(70);  // the error came from reporting the error
  own_error = true;
  char number[24];
  say("fatal: ", message, "; ", finding_count_text(number), " kept");
  finish({"internal-error", nullptr, 70});
  raw_exit(70);
}

void watch_for_the_end() noexcept {
  own_pid = raw_pid();
  on_exit(at_exit, nullptr);
  at_quick_exit(at_quick_exit_end);
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  watch_for_crashes();
  fatal_with_findings = internal_error;
}

void start_reporter() noexcept {
  report_options options;
  string mistake = parse_report_options(
      [](std::string_view key) -> std::optional<std::string_view> {
        const char* value = snag::detail::option(key);
        return value ? std::optional<std::string_view>(value) : std::nullopt;
      },
      options);
  if (options.format == report_format::tsan && options.log_path.empty())
    if (const char* const theirs = getenv("TSAN_OPTIONS"); theirs != nullptr)
      options.log_path = tsan_log_path(theirs);
  suppression_list suppressions;
  if (mistake.empty() && !options.suppressions.empty())
    mistake = load_suppressions(options.suppressions, suppressions);
  if (mistake.empty() && __tsan_default_suppressions != nullptr) {
    const char* const text = __tsan_default_suppressions();
    const string wrong = suppressions.add(text == nullptr ? "" : text);
    if (!wrong.empty()) append(mistake, "__tsan_default_suppressions: ", wrong);
  }
  if (!mistake.empty()) {
    say(mistake.c_str());
    raw_exit(64);
  }
  configure_reporter(options, std::move(suppressions));
  watch_for_the_end();
  open_interposers();
}

}  // namespace snag::detector

// --- Interposed: the ways out that run no exit handlers.
using snag::detector::finish;
using snag::detector::internal_scope;

namespace {
[[noreturn]] void leave(int status) {
  if (snag::detector::is_own_process()) {
    const internal_scope scope;
    status = finish({"exit", nullptr, status & 0xff});
  }
  snag::detector::raw_exit(status);
}
}  // namespace

extern "C" {
void _exit(int status) { leave(status); }
void _Exit(int status) noexcept { leave(status); }
void quick_exit(int status) noexcept {
  snag::detector::quick_exit_status = status & 0xff;
  snag::detector::real_quick_exit(status);
}
}
