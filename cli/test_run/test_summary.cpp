// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/failure.h"
#include "cli/test_run/test_progress.h"

namespace snag::cli {
namespace {

constexpr std::size_t most_lines = 50;  // of each list: the report has everything

verdict final_verdict(const test_case& c) {
  return c.runs < c.planned ? worse(c.worst, verdict::unstarted) : c.worst;
}
bool counts(const test_case& c) { return c.planned != 0 || c.runs != 0; }

std::string line_of(const test_case& c) {
  std::string line = fmt::format("  {:<9} {}", word(final_verdict(c)), c.name);
  if (c.planned > 1)
    line +=
        fmt::format(" ({} of {} rounds)", c.bad_runs + (c.planned - std::min(c.planned, c.runs)), c.planned);
  if (c.seed && is_bad(c.worst)) line += fmt::format(" (--seed {} repeats it)", *c.seed);
  if (!c.detail.empty()) line += ": " + c.detail;
  return line + "\n";
}

std::string line_of(const kept_finding& f) {
  std::string line = fmt::format("  {:<9} {}", f.kind, f.message);
  if (!f.place.file.empty() && f.message.find(f.place.file) == std::string::npos)
    line += fmt::format(" at {}:{}", f.place.file, f.place.line);
  if (f.tests.size() == 1) line += ", in " + *f.tests.begin();
  if (f.tests.size() > 1) line += fmt::format(", in {} and {} more", *f.tests.begin(), f.tests.size() - 1);
  return line + "\n";
}

template <class List>
std::string lines_of(const List& list) {
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), most_lines); ++i) text += line_of(*list[i]);
  if (list.size() > most_lines) text += fmt::format("  … and {} more\n", list.size() - most_lines);
  return text;
}

}  // namespace

std::string summary_text(const std::vector<test_case>& cases, const collected_findings& findings,
                         std::chrono::milliseconds spent) {
  std::vector<const test_case*> bad;
  std::map<verdict, std::size_t> numbers;
  std::size_t total = 0;
  for (const test_case& c : cases) {
    if (!counts(c)) continue;
    ++total;
    ++numbers[final_verdict(c)];
    if (is_bad(final_verdict(c))) bad.push_back(&c);
  }
  std::vector<const kept_finding*> gating;
  std::size_t others = 0;
  for (const auto& [fingerprint, f] : findings.all().findings)
    if (findings.gates(f))
      gating.push_back(&f);
    else
      ++others;

  std::string text;
  if (!bad.empty()) text += "tests that did not pass:\n" + lines_of(bad);
  if (!gating.empty()) text += "findings:\n" + lines_of(gating);
  text += fmt::format("snag: {} {}", total, total == 1 ? "test" : "tests");
  const char* comma = ": ";
  for (const auto& [v, number] : numbers) {
    text += fmt::format("{}{} {}", comma, number, v == verdict::findings ? "with findings" : word(v));
    comma = ", ";
  }
  text += fmt::format("; {} {}", gating.size(), gating.size() == 1 ? "finding" : "findings");
  if (others != 0) text += fmt::format(" (and {} that do not gate)", others);
  return text + fmt::format(" ({})\n", duration_text(spent));
}

int status_of(const std::vector<test_case>& cases, const collected_findings& findings, int of_findings) {
  const auto any = [&](auto&& which) {
    return std::any_of(cases.begin(), cases.end(),
                       [&](const test_case& c) { return counts(c) && which(final_verdict(c)); });
  };
  if (findings.has_gating() || any([](verdict v) { return v == verdict::findings; })) return of_findings;
  if (any([](verdict v) { return is_bad(v) && v != verdict::unstarted; })) return exit_test_failed;
  return any([](verdict v) { return v == verdict::unstarted; }) ? exit_incomplete : exit_success;
}

}  // namespace snag::cli
