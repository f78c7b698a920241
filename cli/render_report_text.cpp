// SPDX-License-Identifier: Apache-2.0
// Findings as the program itself prints them, and what is known beside them.
#include <fmt/format.h>

#include <ostream>

#include "cli/report_view.h"
#include "detector/render_text.h"

namespace snag::cli {
namespace {

std::string counts(const report_view& v) {
  detector::finding_tally t;
  for (const shown_finding& s : v.findings) {
    const kept_finding& f = *s.finding;
    t.repeats += f.count - 1;
    if (f.certainty != "proved")
      ++t.possible;
    else if (f.kind == "race")
      ++t.races;
    else if (f.kind == "deadlock")
      ++t.deadlocks;
    else if (f.kind == "leak")
      ++t.leaks;
    else
      ++t.misuses;
  }
  t.not_shown = v.whole->not_listed;
  return std::string(view_of(detector::render_summary(t)));
}

void write_tests(std::ostream& out, const report& r) {
  std::map<verdict, std::size_t> by;
  for (const test_result& t : r.tests) ++by[t.ended];
  if (by.empty()) return;
  out << r.tests.size() << (r.tests.size() == 1 ? " test:" : " tests:");
  const char* comma = " ";
  for (const auto& [v, n] : by) {
    out << comma << n << ' ' << word(v);
    comma = ", ";
  }
  out << '\n';
  for (const test_result& t : r.tests)
    if (t.ended != verdict::passed && t.ended != verdict::skipped)
      out << fmt::format("  {}: {}{}\n", word(t.ended), t.name,
                         t.seed ? fmt::format(" (seed {})", *t.seed) : "");
}

}  // namespace

void render_text(std::ostream& out, const report_view& v) {
  for (const shown_finding& s : v.findings) {
    out << plain_text(v, s) << "  " << seen_in(*s.finding) << '\n';
    if (s.stands == standing::known)
      out << "  known" << (s.owner.empty() ? "" : ", owner ") << s.owner << (s.reason.empty() ? "" : ": ")
          << s.reason << '\n';
    if (s.stands == standing::told) out << "  does not fail the gate\n";
  }
  out << counts(v);
  if (v.has_baseline)
    out << fmt::format("  {} of them known (baseline), {} new\n", v.count(standing::known),
                       v.findings.size() - v.count(standing::known));
  write_tests(out, *v.whole);
  for (const std::string& note : v.notes) out << "snag: " << note << '\n';
}

}  // namespace snag::cli
