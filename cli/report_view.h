// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a report shows: the findings that were asked for, most serious first, and of each whether it gates.
// The renderers are pure: the same view gives the same bytes.
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/finding_model.h"

namespace snag::cli {

enum class standing : std::uint8_t {
  gating,  // fails the gate
  told,    // told, and does not fail it: not proved, or of a kind that --fail-on leaves out
  known,   // covered by an entry of the baseline
};

struct shown_finding {
  const kept_finding* finding = nullptr;
  standing stands = standing::told;
  std::string reason, owner;  // of the baseline's entry
};

// Limits of those who read SARIF: results in one run, and bytes of the compressed file.
constexpr std::size_t sarif_results = 25'000, sarif_bytes = 10'000'000;

struct report_view {
  const report* whole = nullptr;
  std::vector<shown_finding> findings;
  bool has_baseline = false;
  std::vector<std::string> notes;  // what else a reader has to know: missing shards, expired entries, …
  // Cut off the front of paths, so that they are the repository's; ends in a slash, or is empty.
  std::string prefix;
  std::size_t results_in_run = sarif_results;
  // A line of a source file, without its end; for pages that show code. False: it cannot be read.
  std::function<bool(const std::string& file, std::uint32_t line, std::string& text)> source;

  std::size_t count(standing) const;
  std::string shortened(std::string_view path) const;
  std::string words(std::string_view sentence) const;  // with the paths in it shortened
};

// The findings of the view's report, in the order that all renderers keep.
std::vector<const kept_finding*> in_order(const report&);

void render_text(std::ostream&, const report_view&);      // as the program itself prints it
void render_sarif(std::ostream&, const report_view&);     // SARIF 2.1.0
void render_junit(std::ostream&, const report_view&);     // JUnit's XML
void render_github(std::ostream&, const report_view&);    // workflow commands: annotations
void render_markdown(std::ostream&, const report_view&);  // for $GITHUB_STEP_SUMMARY
void render_gitlab(std::ostream&, const report_view&);    // GitLab's code quality
void render_html(std::ostream&, const report_view&);      // one page, needs nothing else

// --- What several renderers say.
std::string_view view_of(const detector::string&);
std::string place_text(const report_view&, const source_place&);  // "app.cpp:12"; empty: unknown
std::string title_of(const kept_finding&);                        // "data race", "possible deadlock"
std::string seen_in(const kept_finding&);  // "seen 3 times, in the tests a, b; seed 7 repeats it"
std::string plain_text(const report_view&, const shown_finding&);  // the program's own report of it
std::string xml_escaped(std::string_view);  // also for HTML; what XML cannot hold becomes U+FFFD

}  // namespace snag::cli
