// SPDX-License-Identifier: Apache-2.0
#include "cli/finding_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/failure.h"
#include "cli/finding_json.h"

namespace snag::cli {
namespace {

constexpr std::array verdict_words = {"passed",  "failed",  "findings", "timeout",
                                      "crashed", "skipped", "unstarted"};

json test_of(const test_result& t) {
  json out = {{"name", t.name},
              {"binary", t.binary},
              {"verdict", word(t.ended)},
              {"milliseconds", t.milliseconds},
              {"seed", t.seed ? json(std::to_string(*t.seed)) : json()},
              {"status", t.status ? json(*t.status) : json()},
              {"findings", t.findings}};
  if (!t.output_excerpt.empty()) out["output_excerpt"] = t.output_excerpt;
  return out;
}

json audit_of(const audit_sums& a) {
  return {{"taken", a.taken},
          {"complete", a.complete},
          {"most_sites", a.most_sites},
          {"skipped", a.skipped},
          {"without_stack", a.without_stack},
          {"without_locks", a.without_locks},
          {"ignored", a.ignored},
          {"dropped_findings", a.dropped_findings},
          {"unseen_modules", a.unseen_modules}};
}

json scopes_of(const kept_finding& f) {
  json out = json::array();
  for (const auto& [s, count] : f.scopes)
    out.push_back({{"name", s.name}, {"file", s.file}, {"line", s.line}, {"count", count}});
  return out;
}

std::string dump(const json& j, int indent = -1) {
  return j.dump(indent, ' ', false, json::error_handler_t::replace);
}

// The finding's members, with those in front that are summed up.
json whole(const kept_finding& f) {
  json out = {{"count", f.count}, {"tests", f.tests}, {"seeds", json::array()}};
  for (const std::uint64_t seed : f.seeds) out["seeds"].push_back(std::to_string(seed));
  out.update(json::parse(f.content.text()));
  if (out.contains("shape")) out["scopes"] = scopes_of(f);
  return out;
}

}  // namespace

const char* word(verdict v) { return verdict_words[static_cast<std::size_t>(v)]; }

std::optional<verdict> verdict_of(std::string_view text) {
  const auto at = std::find(verdict_words.begin(), verdict_words.end(), text);
  if (at == verdict_words.end()) return std::nullopt;
  return static_cast<verdict>(at - verdict_words.begin());
}

std::vector<std::uint64_t> shard_set::missing() const {
  std::vector<std::uint64_t> out;
  for (std::uint64_t n = 1; n <= total; ++n)
    if (!present.contains(n)) out.push_back(n);
  return out;
}

void report::add(test_result t) {
  const auto at = std::upper_bound(tests.begin(), tests.end(), t,
                                   [](const auto& a, const auto& b) { return a.key() < b.key(); });
  tests.insert(at, std::move(t));
}

void attribute(report& r, const std::string& test) {
  for (auto& [fingerprint, f] : r.findings) f.tests.insert(test);
}

finding details(const kept_finding& f) {
  finding out = finding_of(whole(f));
  out.count = f.count;
  return out;
}

std::string json_text(const kept_finding& f) { return dump(whole(f)); }

void write_report(std::ostream& out, const report& r) {
  std::uint64_t occurrences = r.not_listed;
  for (const auto& [fingerprint, f] : r.findings) occurrences += f.count;
  json head;
  head["schema"] = "snag-report/1";
  head["tool"] = {{"name", "snag"}, {"version", SNAG_VERSION}};
  head["shards"] = nullptr;
  if (r.shards) {
    head["shards"] = {{"total", r.shards->total}, {"present", json::array()}};
    for (const auto& [number, name] : r.shards->present) head["shards"]["present"].push_back(number);
  }
  head["runs"] = json::object();
  for (const auto& [end, count] : r.runs) head["runs"][end] = count;
  head["audit"] = audit_of(r.audit);
  head["totals"] = {{"distinct", r.findings.size() + r.not_listed},
                    {"occurrences", occurrences},
                    {"not_listed", r.not_listed},
                    {"suppressed", r.suppressed}};
  out << "{";
  const char* comma = "\n";
  for (const auto& [name, value] : head.items()) {
    out << comma << "  " << dump(name) << ": " << dump(value);
    comma = ",\n";
  }
  const auto list = [&](const char* name, const auto& elements, auto&& text) {
    out << ",\n  \"" << name << "\": [";
    comma = "\n    ";
    for (const auto& e : elements) {
      out << comma << dump(text(e));
      comma = ",\n    ";
    }
    out << (elements.empty() ? "]" : "\n  ]");
  };
  list("suppressions", r.suppressions,
       [](const auto& s) { return json{{"rule", s.first}, {"count", s.second}}; });
  list("tests", r.tests, test_of);
  list("findings", r.findings, [](const auto& f) { return whole(f.second); });
  out << "\n}\n";
}

}  // namespace snag::cli
