// SPDX-License-Identifier: Apache-2.0
// One page that needs nothing else: no network (its policy forbids it), no server. Readable without its
// script, which only filters and adds keys.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/assets.h"
#include "cli/html_finding.h"
#include "cli/report_view.h"

namespace snag::cli {
namespace {

// Beyond that, browsers take minutes: the rest is a table.
constexpr std::size_t in_full = 2'000;

const char* badge(standing s) {
  return s == standing::gating ? "FAILS" : s == standing::told ? "TOLD" : "KNOWN";
}
const char* word(standing s) {
  return s == standing::gating ? "gating" : s == standing::told ? "told" : "known";
}

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void write_filters(std::ostream& out, const report_view& v) {
  std::set<std::string> kinds;
  for (const shown_finding& s : v.findings) kinds.insert(s.finding->kind);
  out << "<form class=\"filters\" hidden onsubmit=\"return false\" role=\"search\">\n<input id=\"search\" "
         "type=\"search\" "
         "placeholder=\"Filter: file, variable, function, test\" aria-label=\"Filter "
         "findings\">\n<fieldset><legend>Kinds</legend>";
  for (const std::string& kind : kinds)
    out << fmt::format("<label><input type=\"checkbox\" value=\"kind:{0}\" checked> {0}</label>",
                       xml_escaped(kind));
  out << "</fieldset>\n<fieldset><legend>Standing</legend>";
  for (const auto& [s, text] : {std::pair{standing::gating, "fails the gate"},
                                {standing::told, "told only"},
                                {standing::known, "known"}})
    if (v.count(s) != 0)
      out << fmt::format("<label><input type=\"checkbox\" value=\"stands:{}\" checked> {} ({})</label>",
                         word(s), text, v.count(s));
  out << "</fieldset>\n<span id=\"shown\" class=\"quiet\" role=\"status\"></span>\n</form>\n";
}

void write_tests(std::ostream& out, const report& r) {
  if (r.tests.empty()) return;
  out << "<h2>Tests</h2>\n<div "
         "class=\"picture\"><table><thead><tr><th>test</th><th>verdict</th><th>time</th><th>findings</th></"
         "tr></thead><tbody>\n";
  std::size_t passed = 0, listed = 0;
  for (const test_result& t : r.tests) {
    if (t.ended == verdict::passed && t.findings.empty()) {
      ++passed;
      continue;
    }
    if (++listed > in_full) continue;
    out << fmt::format("<tr><td>{}{}</td><td>{}</td><td>{:.3f} s</td><td>", xml_escaped(t.name),
                       t.seed ? fmt::format(" (seed {})", *t.seed) : "", word(t.ended),
                       static_cast<double>(t.milliseconds) / 1000);
    for (const std::string& f : t.findings)
      out << fmt::format("<a class=\"mono\" href=\"#f-{0}\">{1}</a> ", f, f.substr(0, 8));
    out << "</td></tr>\n";
  }
  out << "</tbody></table></div>\n";
  if (listed > in_full) out << fmt::format("<p>{} more tests that did not pass.</p>\n", listed - in_full);
  out << fmt::format("<p class=\"quiet\">{} passed.</p>\n", passed);
}

void write_finding(std::ostream& out, const report_view& v, const shown_finding& s) {
  const kept_finding& f = *s.finding;
  const std::string words = lowered(fmt::format("{} {} {} {} {} {}", f.message, f.rule, f.place.file,
                                                f.fingerprint, fmt::join(f.tests, " "), searchable(f)));
  out << fmt::format(
      "<details class=\"finding {0}\" id=\"f-{1}\" data-kind=\"{2}\" data-stands=\"{0}\" "
      "data-words=\"{3}\">\n"
      "<summary><span class=\"badge\">{4}</span><span class=\"what\">{5}{6}</span><span class=\"quiet "
      "mono\">{7}</span></summary>\n",
      word(s.stands), f.fingerprint, xml_escaped(f.kind), xml_escaped(words), badge(s.stands),
      f.message.starts_with(title_of(f)) ? "" : fmt::format("<b>{}</b>", xml_escaped(title_of(f))),
      xml_escaped(v.words(f.message)), xml_escaped(place_text(v, f.place)));
  out << html_finding(v, s) << "</details>\n";
}

}  // namespace

void render_html(std::ostream& out, const report_view& v) {
  const std::string title =
      fmt::format("Snag: {} finding{}", v.findings.size(), v.findings.size() == 1 ? "" : "s");
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
      << title << "</title>\n<style>\n"
      << report_css
      << "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n<header>\n<h1>"
      << title << "</h1>\n<p class=\"quiet\">" << v.count(standing::gating) << " fail the gate, "
      << v.count(standing::told) << " told only, " << v.count(standing::known)
      << " known. Keys: <kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>Enter</kbd> opens, <kbd>x</kbd> "
         "all, <kbd>/</kbd> filters.</p>\n";
  for (const std::string& note : v.notes) out << "<p class=\"notes\">" << xml_escaped(note) << "</p>\n";
  out << "</header>\n<main id=\"findings\" tabindex=\"-1\">\n";
  write_filters(out, v);
  const std::size_t full = std::min(in_full, v.findings.size());
  for (std::size_t i = 0; i < full; ++i) write_finding(out, v, v.findings[i]);
  if (v.findings.empty()) out << "<p>Nothing was found.</p>\n";
  if (full < v.findings.size()) {
    out << fmt::format(
        "<h2>{} more</h2>\n<p>A page shows {} in full, the most serious first. <code>snag report "
        "--fingerprint F</code> shows any of these.</p>\n"
        "<table><thead><tr><th>finding</th><th>where</th><th>fingerprint</th></tr></thead><tbody>\n",
        v.findings.size() - full, full);
    for (std::size_t i = full; i < v.findings.size(); ++i) {
      const kept_finding& f = *v.findings[i].finding;
      out << fmt::format("<tr id=\"f-{2}\"><td>{0}</td><td>{1}</td><td class=\"mono\">{2}</td></tr>\n",
                         xml_escaped(v.words(f.message)), xml_escaped(place_text(v, f.place)), f.fingerprint);
    }
    out << "</tbody></table>\n";
  }
  write_tests(out, *v.whole);
  out << "</main>\n<footer><p class=\"quiet\">Made by snag report. Nothing on this page is fetched from "
         "elsewhere.</p></footer>\n<script>\n"
      << report_js << "</script>\n</body>\n</html>\n";
}

}  // namespace snag::cli
