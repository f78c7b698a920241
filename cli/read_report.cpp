// SPDX-License-Identifier: Apache-2.0
// Reads what programs and snag itself wrote, a finding at a time: a document may be larger than memory, and
// what is kept of a finding is small.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/failure.h"
#include "cli/finding_json.h"
#include "cli/finding_model.h"
#include "detector/fingerprint.h"
#include "detector/render_words.h"

namespace snag::cli {
namespace {

constexpr std::string_view findings_schema = "snag-findings/", report_schema = "snag-report/";
constexpr int oldest_findings = 6, newest_findings = 7, newest_report = 1;

std::uint64_t number(const json& of, const char* name) {
  const json& j = member(of, name);
  if (!j.is_number_unsigned()) throw std::runtime_error(fmt::format("a '{}' is no number", name));
  return j.get<std::uint64_t>();
}
std::string text(const json& of, const char* name) {
  const json& j = member(of, name);
  if (!j.is_string()) throw std::runtime_error(fmt::format("a '{}' is no text", name));
  return j.get<std::string>();
}
const json& list(const json& of, const char* name) {
  const json& j = member(of, name);
  if (!j.is_array()) throw std::runtime_error(fmt::format("a '{}' is no list", name));
  return j;
}
std::set<std::string> names(const json& of, const char* name) {
  std::set<std::string> out;
  for (const json& j : list(of, name)) {
    if (!j.is_string()) throw std::runtime_error(fmt::format("a '{}' is no list of names", name));
    out.insert(j.get<std::string>());
  }
  return out;
}
std::uint64_t seed_of(const json& j) {
  std::uint64_t out = 0;
  const std::string digits = j.is_string() ? j.get<std::string>() : "";
  if (digits.empty() ||
      std::from_chars(digits.data(), digits.data() + digits.size(), out).ptr != digits.data() + digits.size())
    throw std::runtime_error("a 'seed' is no number");
  return out;
}

bool is_fingerprint(const std::string& s) {
  return s.size() == 32 && s.find_first_not_of("0123456789abcdef") == s.npos;
}

source_place place_of(const finding& f) {
  const auto shown = [](const detector::vector<detector::source_frame>& stack, source_place& out) {
    const detector::source_frame* const at = detector::user_frame(stack);
    if (at == nullptr || at->file.empty()) return false;
    out = {std::string(at->file.data(), at->file.size()), at->line, at->column};
    return true;
  };
  source_place out;
  for (const auto& a : f.accesses)
    if (shown(a.stack, out)) return out;
  for (const auto& w : f.waits)
    if (shown(w.stack, out)) return out;
  for (const auto& a : f.actors)
    if (shown(a.created_at, out)) return out;
  return out;
}

class reader {
 public:
  // The parser asks for each value whether it is kept. Elements of `findings` are not.
  bool keep(int depth, json::parse_event_t event, json& value) {
    using e = json::parse_event_t;
    if (depth == 0 && event == e::array_start) throw std::runtime_error("it is no list of Snag's findings");
    if (depth == 1 && event == e::key) {
      member_ = value.get<std::string>();
      constexpr std::array known = {"schema", "tool",   "run",          "runs",  "shards",
                                    "audit",  "totals", "suppressions", "tests", "findings"};
      if (std::find(known.begin(), known.end(), member_) == known.end())
        throw std::runtime_error("it is no list of Snag's findings");
      if (member_ == "findings" && ++findings_members_ > 1)
        throw std::runtime_error("it has two lists of findings");
    }
    if (depth == 1 && event == e::value && member_ == "schema") check_schema(value);
    if (depth == 2 && member_ == "findings" &&
        (event == e::object_end || event == e::array_end || event == e::value)) {
      add(value);
      return false;
    }
    return true;
  }

  report finish(const json& document, const std::string& name) {
    if (version_ == 0) throw std::runtime_error("it is no list of Snag's findings");
    list(document, "findings");
    if (is_report_)
      read_merged(document, name);
    else
      read_run(document);
    const json& totals = member(document, "totals");
    report_.not_listed = number(totals, "not_listed");
    report_.suppressed = number(totals, "suppressed");
    for (const json& s : list(document, "suppressions"))
      report_.suppressions[text(s, "rule")] += number(s, "count");
    return std::move(report_);
  }

 private:
  void check_schema(const json& value) {
    const std::string schema = value.is_string() ? value.get<std::string>() : "";
    is_report_ = schema.starts_with(report_schema);
    if (!is_report_ && !schema.starts_with(findings_schema))
      throw std::runtime_error("it is no list of Snag's findings");
    const auto head = (is_report_ ? report_schema : findings_schema).size();
    const char* const end = schema.data() + schema.size();
    const bool whole = std::from_chars(schema.data() + head, end, version_).ptr == end;
    const int oldest = is_report_ ? newest_report : oldest_findings;
    const int newest = is_report_ ? newest_report : newest_findings;
    if (!whole || version_ < oldest || version_ > newest)
      throw std::runtime_error(fmt::format(
          "it is '{}', and this snag reads {}{} to {} and {}{}: use the snag that wrote it, or run again",
          schema, findings_schema, oldest_findings, newest_findings, report_schema, newest_report));
  }

  void add(json& j) {
    kept_finding f;
    const finding full = finding_of(j);
    f.fingerprint = text(j, "fingerprint");
    if (!is_fingerprint(f.fingerprint)) throw std::runtime_error("a 'fingerprint' is none");
    f.kind = text(j, "kind");
    f.rule = text(j, "rule");
    f.certainty = text(j, "certainty");
    f.message = text(j, "message");
    f.count = number(j, "count");
    f.place = place_of(full);
    const detector::string places = detector::place_fingerprint(full);
    f.place_fingerprint.assign(places.data(), places.size());
    if (j.contains("tests")) f.tests = names(j, "tests");
    if (j.contains("seeds"))
      for (const json& s : list(j, "seeds")) f.seeds.insert(seed_of(s));
    for (const auto& s : full.scopes)
      f.scopes[{std::string(s.name.data(), s.name.size()), std::string(s.file.data(), s.file.size()),
                s.line}] += s.count;
    for (const char* summed : {"count", "tests", "seeds"}) j.erase(summed);
    if (j.contains("shape")) j["scopes"] = json::array();
    if (!j.contains("order")) j["order"] = nullptr;  // snag-findings/6 had none
    f.content = packed_text(j.dump(-1, ' ', false, json::error_handler_t::replace));
    report one;
    one.findings.emplace(f.fingerprint, std::move(f));
    merge(report_, std::move(one));
  }

  void read_run(const json& document) {
    const json& run = member(document, "run");
    report_.runs[text(run, "end")] = 1;
    if (const json& seed = member(run, "seed"); !seed.is_null())
      for (auto& [fingerprint, f] : report_.findings) f.seeds.insert(seed_of(seed));
    const json& audit = member(run, "audit");
    if (audit.is_null()) return;
    audit_sums& sums = report_.audit;
    sums.taken = 1;
    sums.complete = member(audit, "complete") == true ? 1 : 0;
    sums.most_sites = number(audit, "access_sites");
    for (const json& n : member(audit, "skipped"))
      sums.skipped += n.is_number_unsigned() ? n.get<std::uint64_t>() : 0;
    read_gaps(audit);
  }

  void read_gaps(const json& audit) {
    audit_sums& sums = report_.audit;
    sums.without_stack = number(audit, "without_stack");
    sums.without_locks = number(audit, "without_locks");
    sums.ignored = number(audit, "ignored");
    sums.dropped_findings = number(audit, "dropped_findings");
    sums.unseen_modules = names(audit, "unseen_modules");
  }

  void read_merged(const json& document, const std::string& name) {
    for (const auto& [end, count] : member(document, "runs").items())
      report_.runs[end] = count.get<std::uint64_t>();
    const json& audit = member(document, "audit");
    report_.audit.taken = number(audit, "taken");
    report_.audit.complete = number(audit, "complete");
    report_.audit.most_sites = number(audit, "most_sites");
    report_.audit.skipped = number(audit, "skipped");
    read_gaps(audit);
    if (const json& shards = member(document, "shards"); !shards.is_null()) read_shards(shards, name);
    for (const json& t : list(document, "tests")) report_.add(test_of(t));
  }

  void read_shards(const json& shards, const std::string& name) {
    shard_set set{number(shards, "total"), {}};
    for (const json& n : list(shards, "present")) {
      const auto at = n.is_number_unsigned() ? n.get<std::uint64_t>() : 0;
      if (at == 0 || at > set.total)
        throw std::runtime_error(fmt::format("it is shard {} of {}: they count from 1", at, set.total));
      set.present.emplace(at, name);
    }
    if (set.present.empty()) throw std::runtime_error("it belongs to shards, and does not say to which");
    report_.shards = std::move(set);
  }

  static test_result test_of(const json& j) {
    test_result t;
    t.name = text(j, "name");
    t.binary = text(j, "binary");
    const auto ended = verdict_of(text(j, "verdict"));
    if (!ended) throw std::runtime_error(fmt::format("'{}' is an unknown verdict", text(j, "verdict")));
    t.ended = *ended;
    t.milliseconds = number(j, "milliseconds");
    if (!member(j, "seed").is_null()) t.seed = seed_of(member(j, "seed"));
    if (!member(j, "status").is_null()) t.status = member(j, "status").get<int>();
    t.findings = names(j, "findings");
    if (j.contains("output_excerpt")) t.output_excerpt = text(j, "output_excerpt");
    return t;
  }

  report report_;
  std::string member_;
  int findings_members_ = 0;
  int version_ = 0;  // 0: no schema was named yet
  bool is_report_ = false;
};

// nlohmann's own messages begin with a number in brackets.
std::string plain(std::string_view what) {
  if (what.starts_with("[json.")) what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
  return std::string(what);
}

}  // namespace

report read_report(std::istream& in, const std::string& name) {
  try {
    reader r;
    const json document = json::parse(
        in, [&](int depth, json::parse_event_t event, json& value) { return r.keep(depth, event, value); });
    return r.finish(document, name);
  } catch (const failure& f) {
    throw failure(f.status(), fmt::format("{} cannot be read: {}", name, f.what()));
  } catch (const json::parse_error& error) {
    if (in.eof())
      throw usage_error(
          fmt::format("{} cannot be read: it is cut off or empty; run again what wrote it", name));
    throw usage_error(fmt::format("{} cannot be read: it is no JSON: {}", name, plain(error.what())));
  } catch (const std::exception& error) {
    throw usage_error(fmt::format("{} cannot be read: {}", name, plain(error.what())));
  }
}

report read_report(const std::string& path) {
  if (path == "-") return read_report(std::cin, "standard input");
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw usage_error(fmt::format("{} cannot be read: it is a directory", path));
  std::ifstream in(path, std::ios::binary);
  if (!in) throw usage_error(fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  return read_report(in, path);
}

}  // namespace snag::cli
