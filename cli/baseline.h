// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of old: a file of findings that do not fail the gate, each with an owner, a reason and a day
// on which that ends. A text to be read and edited by people (docs/gate.md), written by
// `snag report --write-baseline`.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/finding_model.h"

namespace snag::cli {

using day = std::chrono::sys_days;
std::optional<day> day_of(const std::string& text);  // "2026-11-30"
std::string text_of(day);

struct baseline_entry {
  std::string fingerprint, place;  // place: of all findings at the same two places, or empty: only this one
  std::string rule, message;       // for people; not compared
  std::string owner, reason;
  std::optional<day> expires;  // the first day on which it counts no more; none: never
};

struct baseline {
  std::vector<baseline_entry> entries;  // sorted by fingerprint
};

// Throws failure, one line, if it is none, or one of another version.
baseline read_baseline(const std::string& path);
std::string written(const baseline&);

// Which entry is for a finding: the one with its fingerprint, else one with its places; null: none.
class baseline_index {
 public:
  explicit baseline_index(const baseline&);  // which has to live as long
  const baseline_entry* entry_for(const kept_finding&) const;
  const baseline_entry* covering(const kept_finding&, day today) const;  // those that are not over alone

 private:
  template <class Eligible>
  const baseline_entry* find(const kept_finding&, Eligible&&) const;
  std::unordered_multimap<std::string_view, const baseline_entry*> by_fingerprint_, by_place_;
};

// Of entries: which are over, and which cover nothing in the report.
struct baseline_check {
  std::vector<const baseline_entry*> expired, unused;
};
baseline_check check(const baseline&, const report&, day today);

// The findings as entries. Known ones keep owner, reason and day (if that is over, until a new one is given),
// new ones get these; what is not found any more goes.
struct entry_defaults {
  std::string owner, reason;
  std::optional<day> expires;
};
baseline updated(const baseline& before, const std::vector<const kept_finding*>&, const entry_defaults&,
                 day today);

}  // namespace snag::cli
