// SPDX-License-Identifier: Apache-2.0
// Merging is commutative and associative: sums, unions, maxima, and the least of what cannot be summed.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/failure.h"
#include "cli/finding_model.h"

namespace snag::cli {
namespace {

int doubt(const std::string& certainty) {
  return certainty == "proved" ? 0 : certainty == "predicted" ? 1 : 2;
}

// Which of two accounts of one finding is kept. Of equally good ones any would do, if it were always the
// same.
bool tells_better(const kept_finding& a, const kept_finding& b) {
  if (doubt(a.certainty) != doubt(b.certainty)) return doubt(a.certainty) < doubt(b.certainty);
  if (a.content.size() != b.content.size()) return a.content.size() < b.content.size();
  return a.content != b.content && a.content.text() < b.content.text();
}

template <class Map>
void add_counts(Map& into, const Map& from) {
  for (const auto& [key, count] : from) into[key] += count;
}

void merge(kept_finding& into, kept_finding&& from) {
  if (tells_better(from, into)) {
    std::swap(into.rule, from.rule);
    std::swap(into.kind, from.kind);
    std::swap(into.certainty, from.certainty);
    std::swap(into.message, from.message);
    std::swap(into.place, from.place);
    std::swap(into.place_fingerprint, from.place_fingerprint);
    std::swap(into.content, from.content);
  }
  into.count += from.count;
  into.tests.merge(from.tests);
  into.seeds.merge(from.seeds);
  while (into.seeds.size() > kept_seeds) into.seeds.erase(std::prev(into.seeds.end()));
  add_counts(into.scopes, from.scopes);
}

void merge(audit_sums& into, const audit_sums& from) {
  into.taken += from.taken;
  into.complete += from.complete;
  into.most_sites = std::max(into.most_sites, from.most_sites);
  into.skipped += from.skipped;
  into.without_stack += from.without_stack;
  into.without_locks += from.without_locks;
  into.ignored += from.ignored;
  into.dropped_findings += from.dropped_findings;
  into.unseen_modules.insert(from.unseen_modules.begin(), from.unseen_modules.end());
}

void merge(std::optional<shard_set>& into, const std::optional<shard_set>& from) {
  if (!from) return;
  if (!into) {
    into = from;
    return;
  }
  const std::string &ours = into->present.begin()->second, &theirs = from->present.begin()->second;
  if (into->total != from->total)
    throw usage_error(fmt::format("{} is one of {} shards, {} one of {}: merge the shards of one run",
                                  std::min(ours, theirs), ours < theirs ? into->total : from->total,
                                  std::max(ours, theirs), ours < theirs ? from->total : into->total));
  for (const auto& [number, name] : from->present)
    if (const auto [at, is_new] = into->present.emplace(number, name); !is_new)
      throw usage_error(fmt::format("shard {} of {} is there twice: {} and {}", number, into->total,
                                    std::min(at->second, name), std::max(at->second, name)));
}

}  // namespace

void merge(report& into, report&& from) {
  merge(into.shards, from.shards);
  std::vector<test_result> tests;
  tests.reserve(into.tests.size() + from.tests.size());
  std::merge(std::move_iterator(into.tests.begin()), std::move_iterator(into.tests.end()),
             std::move_iterator(from.tests.begin()), std::move_iterator(from.tests.end()),
             std::back_inserter(tests), [](const auto& a, const auto& b) { return a.key() < b.key(); });
  into.tests = std::move(tests);
  add_counts(into.runs, from.runs);
  merge(into.audit, from.audit);
  into.not_listed += from.not_listed;
  into.suppressed += from.suppressed;
  add_counts(into.suppressions, from.suppressions);
  for (auto& [fingerprint, f] : from.findings)
    if (const auto [at, is_new] = into.findings.try_emplace(fingerprint, std::move(f)); !is_new)
      merge(at->second, std::move(f));
}

}  // namespace snag::cli
