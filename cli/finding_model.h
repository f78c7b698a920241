// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one model that everything about findings is made from: what programs wrote (snag-findings,
// docs/findings.md) or what was merged before (snag-report, docs/report.schema.json), read, merged, written.
// Plain data; merging is commutative and associative, so that shards merge to the same bytes in any order.
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cli/packed_text.h"
#include "detector/finding.h"

namespace snag::cli {

using detector::finding;

// Where a finding is shown, if it can be shown at one place only: the innermost frame of the user's.
struct source_place {
  std::string file;
  std::uint32_t line = 0, column = 0;
  auto operator<=>(const source_place&) const = default;
};

struct scope {
  std::string name, file;
  std::uint32_t line = 0;
  auto operator<=>(const scope&) const = default;
};

struct kept_finding {
  std::string fingerprint;        // 32 hexadecimal digits
  std::string place_fingerprint;  // the same, whoever called the two places
  std::string kind, rule, certainty, message;
  source_place place;
  std::uint64_t count = 0;                // times seen
  std::set<std::string> tests;            // in which it was seen, if that is known
  std::set<std::uint64_t> seeds;          // of runs that it was seen in, the smallest few
  std::map<scope, std::uint64_t> scopes;  // leak_checks that somebody in it belongs to, and how often
  packed_text content;  // all else, as the JSON of one that saw it (the best proved, then the shortest)
};
constexpr std::size_t kept_seeds = 5;

enum class verdict : std::uint8_t { passed, failed, findings, timeout, crashed, skipped, unstarted };
const char* word(verdict);
std::optional<verdict> verdict_of(std::string_view word);

struct test_result {
  std::string name, binary;
  verdict ended = verdict::unstarted;
  std::uint64_t milliseconds = 0;
  std::optional<std::uint64_t> seed;
  std::optional<int> status;       // exit status; none: it has none
  std::set<std::string> findings;  // fingerprints
  std::string output_excerpt;      // empty: there is none
  auto key() const {
    return std::tie(name, binary, seed, ended, status, milliseconds, findings, output_excerpt);
  }
};

// What the processes could not see, summed up (docs/findings.md, run.audit).
struct audit_sums {
  std::uint64_t taken = 0, complete = 0;  // processes that said what they saw, and that saw everything
  std::uint64_t most_sites = 0;           // places checked, of the process with most
  std::uint64_t skipped = 0, without_stack = 0, without_locks = 0, ignored = 0, dropped_findings = 0;
  std::set<std::string> unseen_modules;
  bool operator==(const audit_sums&) const = default;
};

struct shard_set {
  std::uint64_t total = 0;
  std::map<std::uint64_t, std::string> present;  // numbers from 1, and the document (for errors alone)
  std::vector<std::uint64_t> missing() const;
};

struct report {
  std::optional<shard_set> shards;            // none: the run was not cut into shards
  std::vector<test_result> tests;             // sorted by key()
  std::map<std::string, std::uint64_t> runs;  // processes by how they ended: "exit", "crashed", …
  audit_sums audit;
  std::uint64_t not_listed = 0, suppressed = 0;       // findings, summed over processes
  std::map<std::string, std::uint64_t> suppressions;  // rules, and how often each covered something
  std::map<std::string, kept_finding> findings;       // by fingerprint

  void add(test_result);  // keeps the order
};

// Reads one document of either kind, a finding at a time. `name`: what errors call it. Throws failure, one
// line, for anything else.
report read_report(std::istream&, const std::string& name);
report read_report(const std::string& path);  // "-": standard input

// All findings of the document were made while this test ran.
void attribute(report&, const std::string& test);

// Adds `from`: equal findings are one, counts and audits add up. Throws failure if they are shards that do
// not belong together, or the same shard twice.
void merge(report& into, report&& from);

// Schema snag-report/1. The same report gives the same bytes.
void write_report(std::ostream&, const report&);

// The finding in full, as data and as JSON.
finding details(const kept_finding&);
std::string json_text(const kept_finding&);

}  // namespace snag::cli
