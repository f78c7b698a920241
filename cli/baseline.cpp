// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/failure.h"

namespace snag::cli {
namespace {

using json = nlohmann::ordered_json;
constexpr std::string_view schema = "snag-baseline/1";

std::string text(const json& entry, const char* name) {
  const auto at = entry.find(name);
  if (at == entry.end()) return "";
  if (!at->is_string()) throw std::runtime_error(fmt::format("the {} of an entry is no text", name));
  return at->get<std::string>();
}

baseline_entry entry_of(const json& j) {
  if (!j.is_object()) throw std::runtime_error("an entry is no object");
  for (const auto& [name, value] : j.items())
    if (constexpr std::array known = {"fingerprint", "place", "rule", "message", "owner", "reason",
                                      "expires"};
        std::find(known.begin(), known.end(), name) == known.end())
      throw std::runtime_error(fmt::format("an entry has a '{}', which means nothing", name));
  baseline_entry e{text(j, "fingerprint"),
                   text(j, "place"),
                   text(j, "rule"),
                   text(j, "message"),
                   text(j, "owner"),
                   text(j, "reason"),
                   {}};
  if (e.fingerprint.empty() && e.place.empty())
    throw std::runtime_error("an entry has neither a fingerprint nor a place");
  const std::string expires = text(j, "expires");
  if (!expires.empty() && !(e.expires = day_of(expires)))
    throw std::runtime_error(fmt::format("'{}' is no day such as 2026-12-31", expires));
  return e;
}

bool counts(const baseline_entry& e, day today) { return !e.expires || today < *e.expires; }

}  // namespace

std::optional<day> day_of(const std::string& text) {
  int year = 0;
  unsigned month = 0, date = 0;
  const char* const at = text.data();
  const auto digits = [&](std::size_t from, std::size_t n, auto& out) {
    const auto [end, error] = std::from_chars(at + from, at + from + n, out);
    return error == std::errc{} && end == at + from + n;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !digits(0, 4, year) || !digits(5, 2, month) ||
      !digits(8, 2, date))
    return std::nullopt;
  const std::chrono::year_month_day d{std::chrono::year(year), std::chrono::month(month),
                                      std::chrono::day(date)};
  return d.ok() ? std::optional<day>(d) : std::nullopt;
}

std::string text_of(day d) {
  const std::chrono::year_month_day ymd(d);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

baseline read_baseline(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw usage_error(
        fmt::format("the baseline {} cannot be read: {}; snag report --write-baseline makes one", path,
                    std::strerror(errno)));
  try {
    const json j = json::parse(in);
    const std::string is = j.is_object() ? text(j, "schema") : "";
    if (!is.starts_with("snag-baseline/")) throw std::runtime_error("it is no baseline of Snag's");
    if (is != schema)
      throw std::runtime_error(
          fmt::format("it is '{}', and this snag reads {}: write it anew with --write-baseline", is, schema));
    baseline out;
    const auto entries = j.find("entries");
    if (entries == j.end() || !entries->is_array()) throw std::runtime_error("it has no list of entries");
    for (const json& e : *entries) out.entries.push_back(entry_of(e));
    return out;
  } catch (const json::parse_error& error) {
    std::string_view what = error.what();
    what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
    throw usage_error(
        fmt::format("the baseline {} cannot be read: {}", path,
                    in.eof() ? "it is cut off or empty" : fmt::format("it is no JSON: {}", what)));
  } catch (const std::exception& error) {
    throw usage_error(fmt::format("the baseline {} cannot be read: {}", path, error.what()));
  }
}

std::string written(const baseline& b) {
  json out = {{"schema", schema}, {"entries", json::array()}};
  for (const baseline_entry& e : b.entries)
    out["entries"].push_back({{"fingerprint", e.fingerprint},
                              {"place", e.place},
                              {"rule", e.rule},
                              {"message", e.message},
                              {"owner", e.owner},
                              {"reason", e.reason},
                              {"expires", e.expires ? text_of(*e.expires) : ""}});
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

baseline_index::baseline_index(const baseline& b) {
  for (const baseline_entry& e : b.entries) {
    if (!e.fingerprint.empty()) by_fingerprint_.emplace(e.fingerprint, &e);
    if (!e.place.empty()) by_place_.emplace(e.place, &e);
  }
}

// (Of several entries with one key the first in the file counts.)
template <class Eligible>
const baseline_entry* baseline_index::find(const kept_finding& f, Eligible&& eligible) const {
  const auto least = [&](const auto& entries, std::string_view key) {
    const baseline_entry* out = nullptr;
    const auto [first, last] = entries.equal_range(key);
    for (auto at = first; at != last; ++at)
      if (eligible(*at->second) && (out == nullptr || at->second < out)) out = at->second;
    return out;
  };
  const baseline_entry* const own = least(by_fingerprint_, f.fingerprint);
  return own != nullptr ? own : least(by_place_, f.place_fingerprint);
}

const baseline_entry* baseline_index::entry_for(const kept_finding& f) const {
  return find(f, [](const baseline_entry&) { return true; });
}

const baseline_entry* baseline_index::covering(const kept_finding& f, day today) const {
  return find(f, [&](const baseline_entry& e) { return counts(e, today); });
}

baseline_check check(const baseline& b, const report& r, day today) {
  std::set<std::string> fingerprints, places;
  for (const auto& [fingerprint, f] : r.findings) {
    fingerprints.insert(fingerprint);
    places.insert(f.place_fingerprint);
  }
  baseline_check out;
  for (const baseline_entry& e : b.entries) {
    if (!counts(e, today)) out.expired.push_back(&e);
    if (!fingerprints.contains(e.fingerprint) && !(!e.place.empty() && places.contains(e.place)))
      out.unused.push_back(&e);
  }
  return out;
}

baseline updated(const baseline& before, const std::vector<const kept_finding*>& findings,
                 const entry_defaults& defaults, day today) {
  const baseline_index known(before);
  baseline out;
  for (const kept_finding* f : findings) {
    baseline_entry e{f->fingerprint, f->place_fingerprint, f->rule,         f->message,
                     defaults.owner, defaults.reason,      defaults.expires};
    if (const baseline_entry* const old = known.entry_for(*f)) {
      e.owner = old->owner;
      e.reason = old->reason;
      if (counts(*old, today) || !defaults.expires) e.expires = old->expires;
      if (old->place.empty()) e.place.clear();  // somebody wanted it to cover this one alone
    }
    out.entries.push_back(std::move(e));
  }
  std::sort(out.entries.begin(), out.entries.end(),
            [](const auto& a, const auto& b) { return a.fingerprint < b.fingerprint; });
  return out;
}

}  // namespace snag::cli
