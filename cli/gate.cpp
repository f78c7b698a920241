// SPDX-License-Identifier: Apache-2.0
#include "cli/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/failure.h"

namespace snag::cli {
namespace {

const std::set<std::string> finding_kinds = {"race",      "deadlock",  "leak",   "misuse",
                                             "predicted", "suspected", "unseen", "none"};
constexpr std::size_t entries_named = 10;

bool names(const gate_flags& flags, const std::string& kind) {
  return std::find(flags.fail_on.begin(), flags.fail_on.end(), kind) != flags.fail_on.end();
}

std::string entry_words(const baseline_entry& e) {
  return fmt::format("{}{}{}", e.fingerprint.empty() ? e.place : e.fingerprint,
                     e.owner.empty() ? "" : " (" + e.owner + ")", e.message.empty() ? "" : ": " + e.message);
}

void note_entries(std::vector<std::string>& notes, const std::vector<const baseline_entry*>& entries,
                  const auto& words) {
  for (std::size_t i = 0; i < std::min(entries.size(), entries_named); ++i)
    notes.push_back(words(*entries[i]));
  if (entries.size() > entries_named)
    notes.push_back(fmt::format("and {} more such entries of the baseline", entries.size() - entries_named));
}

void note_baseline(report_view& v, const baseline& known, day today, bool whole_run) {
  const baseline_check c = check(known, *v.whole, today);
  note_entries(v.notes, c.expired, [](const baseline_entry& e) {
    return fmt::format("the baseline's entry for {} expired on {}: it covers nothing any more",
                       entry_words(e), text_of(*e.expires));
  });
  // (What a missing shard or another selection of tests would have found is not known to be gone.)
  if (whole_run)
    note_entries(v.notes, c.unused, [](const baseline_entry& e) {
      return fmt::format("the baseline's entry for {} was not needed; --write-baseline drops it",
                         entry_words(e));
    });
}

void note_shards(report_view& v) {
  if (!v.whole->shards) return;
  const auto missing = v.whole->shards->missing();
  if (missing.empty()) return;
  const std::size_t named = std::min<std::size_t>(missing.size(), 50);
  v.notes.push_back(fmt::format(
      "shard{} {}{} of {} {} missing: the report is not complete", missing.size() == 1 ? "" : "s",
      fmt::join(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(named), ", "),
      named < missing.size() ? ", …" : "", v.whole->shards->total, missing.size() == 1 ? "is" : "are"));
}

void note_gaps(report_view& v) {
  const report& r = *v.whole;
  if (const auto at = r.runs.find("running"); at != r.runs.end())
    v.notes.push_back(fmt::format("{} process{} did not write {} last document: killed, or still running",
                                  at->second, at->second == 1 ? "" : "es",
                                  at->second == 1 ? "its" : "their"));
  if (const auto at = r.runs.find("internal-error"); at != r.runs.end())
    v.notes.push_back(
        fmt::format("in {} process{} Snag itself could not go on", at->second, at->second == 1 ? "" : "es"));
  if (r.not_listed != 0)
    v.notes.push_back(
        fmt::format("{} findings were counted and not listed: max_reports was set", r.not_listed));
  if (r.audit.complete < r.audit.taken)
    v.notes.push_back(fmt::format(
        "{} of {} processes could not see everything: {} accesses skipped, {} findings dropped{}{}",
        r.audit.taken - r.audit.complete, r.audit.taken, r.audit.skipped, r.audit.dropped_findings,
        r.audit.unseen_modules.empty() ? "" : "; not instrumented: ",
        fmt::join(r.audit.unseen_modules, ", ")));
}

}  // namespace

bool gate_flags::fails_on(const kept_finding& f) const {
  if (f.certainty != "proved") return names(*this, f.certainty);
  return fail_on.empty() ? f.kind != "panic" : names(*this, f.kind);
}

bool gate_flags::fails_on_unseen() const { return names(*this, "unseen"); }

CLI::Option* declare_status(CLI::App& app, gate_flags& flags) {
  auto* const fail_on = app.add_option("--fail-on", flags.fail_on,
                                       "Which findings change the exit status; a list such as race,deadlock")
                            ->delimiter(',')
                            ->check(CLI::IsMember(finding_kinds))
                            ->type_name("KINDS");
  app.add_option("--exit-code", flags.exit_code,
                 "The exit status when there are such findings, instead of 66")
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  return fail_on;
}

void declare_gate(CLI::App& app, gate_flags& flags) {
  declare_status(app, flags);
  app.add_option("--baseline", flags.baseline,
                 "Findings that this file covers are known, and do not change the exit status")
      ->type_name("FILE");
}

void check_gate(const gate_flags& flags) {
  if (flags.fail_on.size() > 1 && names(flags, "none"))
    throw usage_error("--fail-on none says that nothing fails, so it stands alone");
}

report_view judge(const report& r, const gate_flags& flags, const baseline* known, day today) {
  report_view v;
  v.whole = &r;
  v.has_baseline = known != nullptr;
  std::optional<baseline_index> index;
  if (known != nullptr) index.emplace(*known);
  for (const kept_finding* f : in_order(r)) {
    shown_finding s{f, flags.fails_on(*f) ? standing::gating : standing::told, {}, {}};
    if (const baseline_entry* const e = index ? index->covering(*f, today) : nullptr)
      s = {f, standing::known, e->reason, e->owner};
    v.findings.push_back(std::move(s));
  }
  note_shards(v);
  note_gaps(v);
  if (known != nullptr) note_baseline(v, *known, today, !r.shards || r.shards->missing().empty());
  return v;
}

int gate_status(const report_view& v, const gate_flags& flags) {
  const report& r = *v.whole;
  std::uint64_t runs = 0;
  for (const auto& [end, count] : r.runs) runs += count;
  const bool unseen = flags.fails_on_unseen() && r.audit.complete < runs;
  if (v.count(standing::gating) != 0 || unseen) return flags.status();
  const auto ended = [&](std::initializer_list<verdict> how) {
    return std::any_of(r.tests.begin(), r.tests.end(), [&](const test_result& t) {
      return std::find(how.begin(), how.end(), t.ended) != how.end();
    });
  };
  if ((r.shards && !r.shards->missing().empty()) || ended({verdict::unstarted})) return exit_incomplete;
  return ended({verdict::failed, verdict::timeout, verdict::crashed}) ? exit_test_failed : exit_success;
}

day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace snag::cli
