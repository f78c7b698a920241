// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0, as GitHub's code scanning reads it: locations[0] decides the place, relatedLocations are
// linked from the message, each side of a race is a thread flow, and
// partialFingerprints.primaryLocationLineHash is ours, or two races on one line would be one alert. More than
// 25,000 results go to several runs.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/report_view.h"
#include "cli/rules.h"
#include "detector/render_words.h"

namespace snag::cli {
namespace {

using json = nlohmann::ordered_json;
using detector::source_frame;

constexpr std::size_t longest_description = 1024;

std::string str(const detector::string& s) { return std::string(view_of(s)); }

// RFC 3986: what may stand in a path.
std::string uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("/-._~!$&'()*+,;=@").find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

json artifact(const report_view& v, std::string_view file) {
  const std::string path = v.shortened(file);
  if (path.starts_with("/")) return {{"uri", "file://" + uri(path)}};
  return {{"uri", uri(path)}, {"uriBaseId", "%SRCROOT%"}};
}

json physical(const report_view& v, std::string_view file, std::uint32_t line, std::uint32_t column) {
  json out = {{"artifactLocation", artifact(v, file)}};
  if (line != 0) out["region"] = {{"startLine", line}};
  if (line != 0 && column != 0) out["region"]["startColumn"] = column;
  return out;
}

json location(const report_view& v, const source_frame& f, const std::string& words) {
  json out = json::object();
  if (!f.file.empty()) out["physicalLocation"] = physical(v, view_of(f.file), f.line, f.column);
  if (!f.function.empty())
    out["logicalLocations"] = {{{"fullyQualifiedName", str(f.function)}, {"kind", "function"}}};
  if (!words.empty()) out["message"] = {{"text", words}};
  return out;
}

// A stack from its outermost frame in, the user's frames only, unless it has none.
void add_stack(json& flow, const report_view& v, const detector::vector<source_frame>& stack,
               const std::string& words) {
  const bool any = std::any_of(stack.begin(), stack.end(),
                               [](const auto& f) { return !f.runtime && !f.library && !f.file.empty(); });
  const auto innermost = std::find_if(stack.begin(), stack.end(), [&](const auto& f) {
    return !f.file.empty() && (!any || (!f.runtime && !f.library));
  });
  for (auto at = stack.end(); at != stack.begin();) {
    --at;
    if (at->file.empty() || (any && (at->runtime || at->library))) continue;
    json one = location(v, *at, at == innermost ? words : str(at->call));
    flow.push_back({{"location", one}, {"importance", at == innermost ? "essential" : "important"}});
    if (at == innermost) break;
  }
}

void add_creation(json& flow, const report_view& v, const finding& f, std::uint64_t id) {
  for (const auto& a : f.actors)
    if (a.id == id && a.id != 1)
      add_stack(flow, v, a.created_at, str(detector::actor_word(f, id)) + " is created");
}

json thread_flows(const report_view& v, const finding& f) {
  json out = json::array();
  const auto add = [&](std::uint64_t actor, const auto& stack, const std::string& words) {
    json flow = json::array();
    add_creation(flow, v, f, actor);
    add_stack(flow, v, stack, words);
    const std::string who = str(detector::actor_word(f, actor));
    if (!flow.empty())
      out.push_back(
          {{"id", fmt::format("{}-{}", who, out.size())}, {"message", {{"text", who}}}, {"locations", flow}});
  };
  for (std::size_t i = 0; i < f.accesses.size(); ++i) {
    const auto& a = f.accesses[i];
    add(a.actor, a.stack,
        fmt::format("{}{} by {}", i == 0 ? "" : "previous ", view_of(a.operation),
                    view_of(detector::actor_word(f, a.actor))));
  }
  for (const auto& w : f.waits)
    add(w.actor, w.stack,
        fmt::format("{} waits: {}", view_of(detector::actor_word(f, w.actor)),
                    w.targets.empty() ? view_of(w.state) : view_of(w.targets[0].reason)));
  return out;
}

// What the message links to: the other side, and where everybody came from.
struct related {
  json locations = json::array();
  std::string links;

  void add(const report_view& v, const detector::vector<source_frame>& stack, const std::string& words) {
    const source_frame* const at = detector::user_frame(stack);
    if (at == nullptr || at->file.empty()) return;
    json l = location(v, *at, words);
    l["id"] = locations.size() + 1;
    links += fmt::format("\n[{}]({}) at {}", words, locations.size() + 1,
                         place_text(v, {str(at->file), at->line, at->column}));
    locations.push_back(std::move(l));
  }
};

// Brackets would begin a link.
std::string message_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

related related_of(const report_view& v, const finding& f) {
  related out;
  for (std::size_t i = 1; i < f.accesses.size(); ++i)
    out.add(v, f.accesses[i].stack,
            fmt::format("previous {} by {}", view_of(f.accesses[i].operation),
                        view_of(detector::actor_word(f, f.accesses[i].actor))));
  for (std::size_t i = 1; i < f.waits.size(); ++i)
    out.add(v, f.waits[i].stack, fmt::format("{} waits", view_of(detector::actor_word(f, f.waits[i].actor))));
  for (const auto& a : f.actors)
    if (a.id != 1)
      out.add(v, a.created_at, fmt::format("{} is created", view_of(detector::actor_word(f, a.id))));
  if (!f.memory.allocated_at.empty()) out.add(v, f.memory.allocated_at, "the memory is allocated");
  return out;
}

json result(const report_view& v, const shown_finding& s, std::size_t rule_index) {
  const kept_finding& kept = *s.finding;
  const finding f = details(kept);
  const related others = related_of(v, f);
  std::string words = message_text(v.words(kept.message)) + others.links;
  if (!f.missing_edge.empty()) words += "\nMissing edge: " + message_text(v.words(view_of(f.missing_edge)));
  if (!f.remedy.empty()) words += "\nThey would go on if " + message_text(v.words(view_of(f.remedy)));
  for (const auto& h : f.hints) words += "\nHint: " + message_text(v.words(view_of(h.text)));
  words += "\n" + message_text(seen_in(kept));
  json place =
      kept.place.file.empty()
          ? json{{"physicalLocation",
                  {{"artifactLocation", {{"uri", "unknown"}, {"uriBaseId", "%SRCROOT%"}}}}}}
          : json{{"physicalLocation", physical(v, kept.place.file, kept.place.line, kept.place.column)}};
  json out = {{"ruleId", kept.rule},
              {"ruleIndex", rule_index},
              {"level", s.stands == standing::gating ? "error"
                        : s.stands == standing::told ? "warning"
                                                     : "note"},
              {"message", {{"text", words}}},
              {"locations", json::array({std::move(place)})},
              {"partialFingerprints",
               {{"primaryLocationLineHash", kept.fingerprint}, {"snagPlaces/v1", kept.place_fingerprint}}},
              {"fingerprints", {{"snag/v1", kept.fingerprint}}},
              {"occurrenceCount", kept.count}};
  if (!others.locations.empty()) out["relatedLocations"] = others.locations;
  if (json flows = thread_flows(v, f); !flows.empty())
    out["codeFlows"] = json::array(
        {json{{"message", {{"text", v.words(kept.message)}}}, {"threadFlows", std::move(flows)}}});
  if (v.has_baseline) out["baselineState"] = s.stands == standing::known ? "unchanged" : "new";
  if (s.stands == standing::known)
    out["suppressions"] = {{{"kind", "external"}, {"status", "accepted"}, {"justification", s.reason}}};
  out["properties"] = {{"kind", kept.kind}, {"certainty", kept.certainty}, {"tests", kept.tests}};
  if (!kept.seeds.empty()) out["properties"]["seed"] = std::to_string(*kept.seeds.begin());
  return out;
}

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

json rule_of(const std::string& name) {
  json out = {{"id", name}, {"name", name}};
  for (const rule& r : rules())
    if (r.name == name) {
      out["shortDescription"] = {{"text", cut(r.title, longest_description)}};
      out["fullDescription"] = {{"text", cut(r.meaning, longest_description)}};
      out["help"] = {{"text", fmt::format("{}\n\nExample:\n\n{}\n\nWhat to do:\n\n{}", r.meaning, r.example,
                                          r.mending)}};
    }
  if (!out.contains("help")) {
    out["shortDescription"] = out["fullDescription"] = {{"text", name}};
    out["help"] = {{"text", fmt::format("{}: see the message", name)}};
  }
  out["defaultConfiguration"] = {{"level", "error"}};
  out["properties"] = {{"tags", {"concurrency", "correctness"}}, {"precision", "very-high"}};
  return out;
}

std::string dump(const json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

void render_sarif(std::ostream& out, const report_view& v) {
  std::vector<std::string> names;
  for (const shown_finding& s : v.findings) names.push_back(s.finding->rule);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  json driver = {{"name", "snag"}, {"semanticVersion", SNAG_VERSION}, {"rules", json::array()}};
  for (const std::string& name : names) driver["rules"].push_back(rule_of(name));
  json invocation = {{"executionSuccessful", !v.whole->shards || v.whole->shards->missing().empty()}};
  for (const std::string& note : v.notes)
    invocation["toolExecutionNotifications"].push_back({{"level", "warning"}, {"message", {{"text", note}}}});

  out << "{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": "
         "\"2.1.0\",\n\"runs\": [";
  const std::size_t runs =
      std::max<std::size_t>(1, (v.findings.size() + v.results_in_run - 1) / v.results_in_run);
  for (std::size_t n = 0; n < runs; ++n) {
    // GitHub refuses two runs of one category in a file.
    const std::string category = runs == 1 ? "snag/" : fmt::format("snag/{}/", n + 1);
    out << (n == 0 ? "\n" : ",\n") << "{\n\"tool\": " << dump({{"driver", driver}})
        << ",\n\"automationDetails\": " << dump({{"id", category}})
        << ",\n\"invocations\": " << dump(json::array({invocation})) << ",\n\"results\": [";
    const char* comma = "\n";
    for (std::size_t i = n * v.results_in_run; i < std::min((n + 1) * v.results_in_run, v.findings.size());
         ++i) {
      const shown_finding& s = v.findings[i];
      const auto rule = std::lower_bound(names.begin(), names.end(), s.finding->rule) - names.begin();
      out << comma << dump(result(v, s, static_cast<std::size_t>(rule)));
      comma = ",\n";
    }
    out << "\n]\n}";
  }
  out << "\n]\n}\n";
}

}  // namespace snag::cli
