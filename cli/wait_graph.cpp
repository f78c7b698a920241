// SPDX-License-Identifier: Apache-2.0
#include "cli/wait_graph.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/failure.h"

namespace snag::cli {
namespace {

using nlohmann::json;

constexpr std::string_view schema_name = "snag-findings/";
constexpr int oldest_schema = 5, newest_schema = 7;

const json& member(const json& of, const char* name) {
  const auto at = of.find(name);
  if (at == of.end()) throw std::runtime_error(fmt::format("a '{}' is missing", name));
  return *at;
}
std::string text(const json& of, const char* name) { return member(of, name).get<std::string>(); }
std::uint64_t number(const json& of, const char* name) { return member(of, name).get<std::uint64_t>(); }

void check_schema(const json& document) {
  const std::string schema =
      document.is_object() && document.contains("schema") ? text(document, "schema") : "";
  if (schema == "snag-report/1") return;
  if (!schema.starts_with(schema_name)) throw std::runtime_error("it is no list of Snag's findings");
  const int version = std::atoi(schema.c_str() + schema_name.size());
  if (version < oldest_schema || version > newest_schema)
    throw std::runtime_error(fmt::format("it is '{}', and this snag reads {}{} to {}", schema, schema_name,
                                         oldest_schema, newest_schema));
}

// "bank.cpp:26" of the innermost frame that is the user's.
std::string place(const json& stack) {
  for (const json& frame : stack)
    if (!member(frame, "runtime").get<bool>() && !member(frame, "library").get<bool>() &&
        !text(frame, "file").empty())
      return fmt::format("{}:{}", std::filesystem::path(text(frame, "file")).filename().string(),
                         number(frame, "line"));
  return "";
}

class reader {
 public:
  explicit reader(const json& finding) : finding_(finding) {
    graph_.title = fmt::format("{} ({})", text(finding, "kind"), text(finding, "shape"));
    if (const std::string backing = text(finding, "certainty"); backing != "proved")
      graph_.title = backing + " " + graph_.title;
    graph_.fingerprint = text(finding, "fingerprint");
    graph_.remedy = text(finding, "remedy");
    for (const json& wait : member(finding, "waits")) add_waiter(wait);
    for (const json& wait : member(finding, "waits"))
      for (const json& target : member(wait, "for")) add_wait(wait, target);
  }
  wait_graph take() { return std::move(graph_); }

 private:
  std::string actor_words(std::uint64_t id) const {
    for (const json& a : member(finding_, "actors")) {
      if (number(a, "id") != id) continue;
      std::string out = id == 1 ? "main " + text(a, "kind") : fmt::format("{} {}", text(a, "kind"), id);
      if (!text(a, "name").empty()) out += fmt::format(" \"{}\"", text(a, "name"));
      return out;
    }
    return fmt::format("goroutine {}", id);
  }

  void add_waiter(const json& wait) {
    const std::uint64_t id = number(wait, "actor");
    if (!actors_.emplace(id, graph_.nodes.size()).second) return;
    wait_graph::node n{
        .is_actor = true, .behind = member(wait, "behind").get<bool>(), .lines = {}, .note = {}};
    n.lines.push_back(actor_words(id));
    if (const std::uint64_t alike = number(wait, "alike"); alike != 0)
      n.lines[0] += fmt::format(" and {} other{}", alike, alike == 1 ? "" : "s");
    const std::string where = place(member(wait, "stack"));
    n.lines.push_back(where.empty() ? text(wait, "state") : text(wait, "state") + ", " + where);
    graph_.nodes.push_back(std::move(n));
  }

  std::size_t holder(std::uint64_t id, bool behind) {
    const auto [at, is_new] = actors_.emplace(id, graph_.nodes.size());
    if (is_new) graph_.nodes.push_back({true, behind, {actor_words(id)}, {}});
    return at->second;
  }

  std::size_t object(const json& target, bool behind) {
    const std::string kind = text(target, "kind"), address = text(target, "address");
    const bool known = address != "0x0";
    const auto [at, is_new] =
        objects_.emplace(known ? kind + address : fmt::format("{}", objects_.size()), graph_.nodes.size());
    if (is_new) {
      const std::string name = text(target, "name");
      const std::string called = !name.empty() ? " " + name : known ? " " + address : "";
      graph_.nodes.push_back({false, behind, {kind + called}, {}});
    } else if (!behind) {
      graph_.nodes[at->second].behind = false;
    }
    return at->second;
  }

  static std::string holding(const std::string& mode, const std::string& since) {
    if (mode == "queued") return "before it in the queue";
    if (mode.empty()) return "could bring it about";
    const std::string held = mode == "shared" ? "held for reading" : mode == "ended" ? "left locked" : "held";
    return since.empty() ? held + " by" : held + " since " + since;
  }

  void add_wait(const json& wait, const json& target) {
    const bool behind = member(wait, "behind").get<bool>();
    const std::size_t waiter = actors_.at(number(wait, "actor"));
    const std::string operation = text(target, "operation");
    const json& holders = member(target, "held_by");
    if (operation == "join" && !holders.empty()) {
      graph_.edges.push_back(
          {waiter, holder(number(holders[0], "actor"), behind), "waits for its end", true});
      return;
    }
    const std::size_t what = object(target, behind);
    graph_.edges.push_back({waiter, what, operation == "wait" ? "waits" : operation, true});
    if (holders.empty()) graph_.nodes[what].note = text(target, "reason");
    for (const json& h : holders) {
      wait_graph::edge e{what, holder(number(h, "actor"), behind),
                         holding(text(h, "mode"), place(member(h, "taken_at"))), false};
      bool known = false;
      for (const auto& other : graph_.edges)
        known = known || (other.from == e.from && other.to == e.to && other.label == e.label);
      if (!known) graph_.edges.push_back(std::move(e));
    }
  }

  const json& finding_;
  wait_graph graph_;
  std::map<std::uint64_t, std::size_t> actors_;
  std::map<std::string, std::size_t> objects_;
};

}  // namespace

std::vector<wait_graph> read_wait_graphs(const std::string& document, const std::string& name) {
  try {
    const json parsed = json::parse(document);
    check_schema(parsed);
    std::vector<wait_graph> out;
    for (const json& finding : member(parsed, "findings"))
      if (const auto waits = finding.find("waits"); waits != finding.end() && !waits->empty())
        out.push_back(reader(finding).take());
    return out;
  } catch (const std::exception& error) {
    throw usage_error(fmt::format("{} cannot be read: {}", name, error.what()));
  }
}

}  // namespace snag::cli
