// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings as JSON, schema "snag-findings/7" (docs/findings.md). A document is written from rendered pieces
// and a few numbers, so that a crash handler, which may not allocate, can write one: render_piece runs when a
// finding is found, write_document later, at any time, and is async-signal-safe.
#include <atomic>
#include <cstdint>

#include "detector/finding.h"
#include "detector/render_words.h"
#include "detector/src/audit.h"
#include "detector/src/current_test.h"

namespace snag::detector {

// The JSON object of a finding without its "count" and "tests" members, which grow later, and without the
// opening brace. Indented to stand in the document.
string render_piece(const finding&);

// Kept findings form a list that only grows at its end: readers need no lock. Text points into memory that is
// never released.
struct kept_finding {
  std::atomic<kept_finding*> next{nullptr};
  std::atomic<const char*> piece{nullptr};  // another one when more is known of it
  std::atomic<std::uint64_t> count{1};
  bool gates = false;
  certainty backing = certainty::proved;
  std::size_t waits = 0;                     // that it tells of
  const char *kind = "", *fingerprint = "";  // these and the report, for those who ask: visit_findings
  std::atomic<const char*> text{""};
  vector<scope_description> scopes = {};  // the reporter's, under its lock
  test_names tests = {};                  // grows like the list
};

// How the run stands or ended: words of the schema.
struct run_end {
  const char* reason = "running";  // running, exit, halted, crashed, interrupted, exec, internal-error
  const char* signal = nullptr;    // "SIGSEGV"; null: none
  int status = -1;                 // exit status; negative: not known
  const char* audit = nullptr;     // a JSON object (render_audit_piece); null: it was not taken
};

string quoted_json(const string&);  // as a JSON string, quotes included
// The run's audit as a JSON object.
string render_audit_piece(const audit&);

// One line of the suppressions file, as the document lists it.
struct suppression_use {
  const char* rule;  // a JSON string, quotes included
  std::uint64_t line, count;
};

// Findings that are counted and not listed.
struct unlisted_findings {
  std::uint64_t beyond_limit = 0;  // of max_reports
  std::uint64_t suppressed = 0;
  const suppression_use* rules = nullptr;  // of the suppressions file
  std::size_t rule_count = 0;
};

// Where document bytes go; false: failed. Called with pieces of any size.
struct document_sink {
  bool (*write)(void* self, const char* bytes, std::size_t n);
  void* self;
};
bool write_document(const kept_finding* first, const unlisted_findings&, const run_end&, document_sink);

}  // namespace snag::detector
