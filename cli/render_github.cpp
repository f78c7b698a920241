// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands, which become annotations, and a summary in Markdown for the run's page.
#include <fmt/format.h>

#include <ostream>

#include "cli/report_view.h"

namespace snag::cli {
namespace {

constexpr std::size_t annotations_shown = 10;     // of each level, in one step
constexpr std::size_t summary_bytes = 1'000'000;  // of $GITHUB_STEP_SUMMARY: 1 MiB

// docs.github.com, "Workflow commands": a percent sign and what ends a line are escaped, in a property also
// what ends it.
std::string escaped(std::string_view text, bool in_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (in_property && (c == ':' || c == ',')))
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

const char* level(standing s) {
  return s == standing::gating ? "error" : s == standing::told ? "warning" : "notice";
}

std::string annotation(const report_view& v, const shown_finding& s) {
  const kept_finding& f = *s.finding;
  std::string out = fmt::format("::{} ", level(s.stands));
  if (!f.place.file.empty()) {
    out += fmt::format("file={},", escaped(v.shortened(f.place.file), true));
    if (f.place.line != 0) out += fmt::format("line={},", f.place.line);
    if (f.place.column != 0) out += fmt::format("col={},", f.place.column);
  }
  const finding full = details(f);
  std::string words = fmt::format("{}\n{}", v.words(f.message), seen_in(f));
  if (!full.missing_edge.empty())
    words += fmt::format("\nMissing edge: {}", v.words(view_of(full.missing_edge)));
  if (!full.remedy.empty()) words += fmt::format("\nThey would go on if {}", v.words(view_of(full.remedy)));
  for (const auto& h : full.hints) words += fmt::format("\nHint: {}", v.words(view_of(h.text)));
  words += fmt::format("\nFingerprint: {} {}", f.rule, f.fingerprint);
  return out + fmt::format("title={}::{}\n", escaped(fmt::format("{} ({})", title_of(f), f.rule), true),
                           escaped(words, false));
}

// In a cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == '<' || c == '&')
      out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

}  // namespace

void render_github(std::ostream& out, const report_view& v) {
  for (const shown_finding& s : v.findings) out << annotation(v, s);
  for (const std::string& note : v.notes) out << "::warning title=snag::" << escaped(note, false) << '\n';
  for (const standing s : {standing::gating, standing::told})
    if (const std::size_t n = v.count(s); n > annotations_shown)
      out << fmt::format("snag: {} {}s; GitHub shows {} of a step beside the code, all are in this log\n", n,
                         level(s), annotations_shown);
}

void render_markdown(std::ostream& out, const report_view& v) {
  out << fmt::format("### Snag: {} fail the gate, {} told only, {} known\n\n", v.count(standing::gating),
                     v.count(standing::told), v.count(standing::known));
  for (const std::string& note : v.notes) out << "> " << cell(note) << "\n\n";
  if (v.findings.empty()) return;
  out << "| | finding | where | seen | fingerprint |\n|---|---|---|---|---|\n";
  std::size_t bytes = 0, shown = 0;
  for (const shown_finding& s : v.findings) {
    const kept_finding& f = *s.finding;
    const std::string row =
        fmt::format("| {} | {}{} | {} | {} | `{}` |\n", level(s.stands),
                    f.message.starts_with(title_of(f)) ? "" : fmt::format("**{}**: ", title_of(f)),
                    cell(v.words(f.message)), cell(place_text(v, f.place)), cell(seen_in(f)), f.fingerprint);
    bytes += row.size();
    if (bytes > summary_bytes - 1000) break;
    out << row;
    ++shown;
  }
  if (shown != v.findings.size())
    out << fmt::format("\n{} more: a summary may have 1 MiB. `snag report` shows all.\n",
                       v.findings.size() - shown);
}

}  // namespace snag::cli
