// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/verdicts.h"

#include <fmt/format.h>
#include <regex.h>
#include <string.h>

#include <algorithm>

#include "cli/failure.h"

namespace snag::cli {
namespace {

// CTest's own dialect is a part of POSIX's extended one. An expression that cannot be read matches nothing.
bool matches(const std::string& expression, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}
bool any_matches(const std::vector<std::string>& expressions, const std::string& text) {
  return std::any_of(expressions.begin(), expressions.end(),
                     [&](const std::string& e) { return matches(e, text); });
}

std::string said_of(const ended& how) {
  if (how.signal != 0) return fmt::format("killed by {}", name_of_signal(how.signal));
  if (how.status == exit_panic)
    return "ended with status 2 (a panic, a fatal error or a deadlock ends with it)";
  return fmt::format("ended with status {}", how.status);
}

constexpr const char* out_of_time = "took too long; where everybody was is in its output";

process_end end_of(const test_process& p) { return {p.end(), p.timed_out(), p.was_asked_to_end()}; }

}  // namespace

std::string name_of_signal(int number) {
  const char* const name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

verdict verdict_of(const process_end& end, const ctest_properties& properties, const std::string& output,
                   bool gates, bool report_is_lost, std::string& detail) {
  if (gates) {
    if (end.timed_out) detail = out_of_time;
    return verdict::findings;
  }
  if (end.timed_out) {
    detail = out_of_time;
    return verdict::timeout;
  }
  if (end.asked_to_end) {
    detail = "interrupted";
    return verdict::unstarted;
  }
  if (end.how.status == exit_finding && end.how.signal == 0 && report_is_lost) {
    detail = "it found something, and its report is lost";
    return verdict::findings;
  }
  if (end.how.signal == 0 && properties.skip_status == end.how.status) return verdict::skipped;
  if (any_matches(properties.skip_if, output)) return verdict::skipped;
  if (end.how.signal != 0 && !properties.will_fail) {
    detail = said_of(end.how);
    return verdict::crashed;
  }
  bool passed = end.how.status == 0;
  if (!passed) detail = said_of(end.how);
  if (!properties.pass_if.empty()) {
    passed = any_matches(properties.pass_if, output);
    if (!passed) detail = "its output does not match PASS_REGULAR_EXPRESSION";
  }
  if (any_matches(properties.fail_if, output)) {
    passed = false;
    detail = "its output matches FAIL_REGULAR_EXPRESSION";
  }
  if (properties.will_fail) {
    passed = !passed;
    if (!passed) detail = "it passed, and should fail (WILL_FAIL)";
  }
  if (!passed) return verdict::failed;
  detail.clear();
  return verdict::passed;
}

verdict verdict_of_process(const test_process& p, const ctest_properties& properties, bool gates,
                           bool report_is_lost, std::string& detail) {
  const bool asks = !properties.skip_if.empty() || !properties.pass_if.empty() || !properties.fail_if.empty();
  return verdict_of(end_of(p), properties, asks ? p.output().text() : "", gates, report_is_lost, detail);
}

verdict verdict_of_unfinished(const test_process& p, bool gates, std::string& detail) {
  const process_end end = end_of(p);
  if (end.timed_out || end.asked_to_end || gates) {
    const verdict v = verdict_of(end, {}, "", gates, false, detail);
    if (v != verdict::findings || end.timed_out) return v;
  }
  // (66 is the status of what was found before, whatever ended the process.)
  detail = end.how.status == exit_finding ? "the process ended during it" : said_of(end.how);
  return gates ? verdict::findings : verdict::crashed;
}

}  // namespace snag::cli
