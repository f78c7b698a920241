// SPDX-License-Identifier: Apache-2.0
// JUnit's XML: a case for each test that ran, which fails for what it found; and for each finding that
// belongs to no test one of its own.
#include <fmt/format.h>

#include <map>
#include <ostream>

#include "cli/report_view.h"

namespace snag::cli {
namespace {

struct test_case {
  std::string name, classname;
  std::uint64_t milliseconds = 0;
  std::string failures, error, skipped, output;  // elements; all empty: passed
  std::string properties;
};

struct suite {
  std::vector<test_case> cases;
  std::size_t failures = 0, errors = 0, skipped = 0;
  std::uint64_t milliseconds = 0;

  void add(test_case c) {
    failures += !c.failures.empty();
    errors += c.failures.empty() && !c.error.empty();
    skipped += c.failures.empty() && c.error.empty() && !c.skipped.empty();
    milliseconds += c.milliseconds;
    cases.push_back(std::move(c));
  }
};

std::string element(const char* name, const std::string& type, const std::string& message,
                    const std::string& text) {
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", name, xml_escaped(type),
                     xml_escaped(message), xml_escaped(text));
}

// A finding that gates is a failure; another is output.
void add_finding(test_case& c, const report_view& v, const shown_finding& s) {
  const kept_finding& f = *s.finding;
  const std::string text = plain_text(v, s) + "  " + seen_in(f) + "\n";
  if (s.stands == standing::gating)
    c.failures += element("failure", f.rule, v.words(f.message), text);
  else
    c.output +=
        (s.stands == standing::known ? "known: " : "does not fail the gate: ") + v.words(f.message) + "\n";
}

test_case case_of(const report_view& v, const test_result& t,
                  const std::map<std::string, const shown_finding*>& shown) {
  test_case c{t.name, t.binary, t.milliseconds, {}, {}, {}, {}, {}};
  if (t.seed) c.properties += fmt::format("        <property name=\"seed\" value=\"{}\"/>\n", *t.seed);
  if (t.status) c.properties += fmt::format("        <property name=\"status\" value=\"{}\"/>\n", *t.status);
  for (const std::string& fingerprint : t.findings)
    if (const auto at = shown.find(fingerprint); at != shown.end()) add_finding(c, v, *at->second);
  const std::string status = t.status ? fmt::format(", status {}", *t.status) : "";
  switch (t.ended) {
    case verdict::passed:
    case verdict::findings:
      break;
    case verdict::failed:
      c.failures += element("failure", "failed", "the test failed" + status, t.output_excerpt);
      break;
    case verdict::timeout:
    case verdict::crashed:
    case verdict::unstarted:
      c.error = element("error", word(t.ended), word(t.ended) + status, t.output_excerpt);
      break;
    case verdict::skipped:
      c.skipped = "      <skipped/>\n";
      break;
  }
  return c;
}

void write(std::ostream& out, const std::string& name, const suite& s) {
  out << fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
      xml_escaped(name), s.cases.size(), s.failures, s.errors, s.skipped,
      static_cast<double>(s.milliseconds) / 1000);
  for (const test_case& c : s.cases) {
    out << fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{:.3f}\">\n", xml_escaped(c.name),
                       xml_escaped(c.classname), static_cast<double>(c.milliseconds) / 1000);
    if (!c.properties.empty()) out << "      <properties>\n" << c.properties << "      </properties>\n";
    out << c.failures << (c.failures.empty() ? c.error : "");
    if (c.failures.empty() && c.error.empty()) out << c.skipped;
    std::string output = c.output;
    if (!output.empty()) out << "      <system-out>" << xml_escaped(output) << "</system-out>\n";
    out << "    </testcase>\n";
  }
  out << "  </testsuite>\n";
}

}  // namespace

void render_junit(std::ostream& out, const report_view& v) {
  std::map<std::string, const shown_finding*> shown;
  for (const shown_finding& s : v.findings) shown[s.finding->fingerprint] = &s;
  std::set<std::string> told;
  std::map<std::string, suite> suites;
  for (const test_result& t : v.whole->tests) {
    suites[t.binary].add(case_of(v, t, shown));
    told.insert(t.findings.begin(), t.findings.end());
  }
  for (const shown_finding& s : v.findings) {
    const kept_finding& f = *s.finding;
    if (told.contains(f.fingerprint)) continue;
    const std::string where = place_text(v, f.place);
    test_case c{f.tests.empty()
                    ? (where.empty() ? v.words(f.message) : fmt::format("{} at {}", f.rule, where))
                    : *f.tests.begin(),
                "snag." + f.kind,
                0,
                {},
                {},
                {},
                {},
                {}};
    add_finding(c, v, s);
    suites["snag"].add(std::move(c));
  }
  if (!v.notes.empty()) {
    test_case c{"the run is complete", "snag", 0, {}, {}, {}, {}, {}};
    for (const std::string& note : v.notes) c.output += note + "\n";
    if (v.whole->shards && !v.whole->shards->missing().empty())
      c.error = element("error", "incomplete", "shards are missing", c.output);
    suites["snag"].add(std::move(c));
  }
  suite all;
  std::size_t tests = 0;
  for (const auto& [name, s] : suites) {
    tests += s.cases.size();
    all.failures += s.failures;
    all.errors += s.errors;
    all.skipped += s.skipped;
    all.milliseconds += s.milliseconds;
  }
  out << fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"snag\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
      tests, all.failures, all.errors, all.skipped, static_cast<double>(all.milliseconds) / 1000);
  for (const auto& [name, s] : suites) write(out, name, s);
  out << "</testsuites>\n";
}

}  // namespace snag::cli
