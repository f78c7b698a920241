// SPDX-License-Identifier: Apache-2.0
#include "tests/programs/findings.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace programs {
namespace {

using nlohmann::json;

std::vector<frame> frames_of(const json& stack) {
  std::vector<frame> out;
  for (const json& f : stack) {
    out.push_back(
        {f.at("function"), f.at("file"), f.at("call"), f.at("line").get<unsigned>(), f.at("runtime")});
  }
  return out;
}

bool is_program(const frame& f, const expectation& e) {
  return !f.runtime && std::filesystem::path(f.file).filename() == e.file.filename();
}

const frame* user_frame(const std::vector<frame>& stack, const expectation& e) {
  const auto found = std::ranges::find_if(stack, [&](const frame& f) { return is_program(f, e); });
  return found == stack.end() ? nullptr : &*found;
}

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool mentions(const std::string& text, const std::string& name) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const bool starts = at == 0 || !is_word_character(text[at - 1]);
    const auto end = at + name.size();
    const bool ends = end == text.size() || !is_word_character(text[end]);
    if (starts && ends) return true;
  }
  return false;
}

// Inside a container the accessed field is the library's; the user's object is in the call that led there.
bool names_variable(const finding& f, const expectation& e) {
  for (const std::string& name : e.race_names) {
    if (mentions(f.memory_name, name)) return true;
    for (const access& a : f.accesses) {
      if (mentions(a.variable, name) || mentions(a.expression, name)) return true;
      const frame* user = user_frame(a.stack, e);
      if (user != nullptr && user != &a.stack.front() && mentions(user->call, name)) return true;
    }
  }
  return false;
}

std::string where(const frame& f) { return f.file + ":" + std::to_string(f.line); }

std::string mistake_in_actor(const finding& f, const access& a, const expectation& e) {
  const auto found = std::ranges::find(f.actors, a.actor, &actor::id);
  if (found == f.actors.end()) return "goroutine " + std::to_string(a.actor) + " is not described";
  if (a.actor == 1) return "";
  if (found->created_at.empty())
    return "where goroutine " + std::to_string(a.actor) + " was created is unknown";
  if (user_frame(found->created_at, e) == nullptr)
    return "goroutine " + std::to_string(a.actor) +
           " was not created in the program: " + where(found->created_at.front());
  return "";
}

}  // namespace

std::vector<finding> parse_findings(const std::string& text) {
  try {
    const json document = json::parse(text);
    if (document.at("schema") != "snag-findings/7") throw std::runtime_error("unknown schema");
    std::vector<finding> out;
    for (const json& f : document.at("findings")) {
      finding one{f.at("kind"), f.at("memory").at("name"), {}, {}, {}};
      for (const json& h : f.at("hints")) one.hints.push_back(h.at("rule"));
      for (const json& a : f.at("accesses"))
        one.accesses.push_back(
            {a.at("expression"), a.at("variable"), a.at("actor"), frames_of(a.at("stack"))});
      for (const json& a : f.at("actors"))
        one.actors.push_back({a.at("id"), frames_of(a.at("created_at")), a.at("name"), a.at("kind")});
      one.rule = f.at("rule");
      one.certainty = f.at("certainty");
      one.shape = f.value("shape", "");
      for (const json& w : f.value("waits", json::array())) {
        one.waits.push_back(frames_of(w.at("stack")));
        one.waiting.push_back(w.at("actor"));
      }
      out.push_back(std::move(one));
    }
    return out;
  } catch (const json::exception& problem) {
    throw std::runtime_error(std::string("not a findings document: ") + problem.what());
  }
}

std::string mistake_in_race(const finding& f, const expectation& e) {
  const bool race = e.expected.kind == verdict_kind::race;
  if (f.kind != (race ? "race" : "misuse")) return "a finding of kind " + f.kind;
  unsigned wanted = 0;
  for (const auto& [line, marked] : e.marks) wanted |= marked;
  const std::size_t count = wanted == side_one ? 1 : 2;
  if (f.accesses.size() != count)
    return std::to_string(f.accesses.size()) + " accesses instead of " + std::to_string(count);
  unsigned sides[2] = {0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const access& a = f.accesses[i];
    if (a.stack.empty()) return "an access without a stack";
    const frame* user = user_frame(a.stack, e);
    if (user == nullptr) return "an access without a line of the program: " + where(a.stack.front());
    const auto mark = e.marks.find(user->line);
    if (mark == e.marks.end()) return "an access at an unmarked line: " + where(*user);
    sides[i] = mark->second;
    if (std::string problem = mistake_in_actor(f, a, e); !problem.empty()) return problem;
  }
  const bool straight = (sides[0] & side_one) && (sides[1] & side_two);
  const bool crossed = (sides[0] & side_two) && (sides[1] & side_one);
  if (count == 1 ? sides[0] != side_one : !straight && !crossed) return "both accesses are on the same side";
  for (const std::string& hint : e.hints)
    if (std::ranges::find(f.hints, hint) == f.hints.end()) return "the hint " + hint + " is missing";
  if (!names_variable(f, e)) {
    return "the variable is not named; said are: \"" + f.accesses[0].variable + "\", \"" +
           f.accesses[0].expression + "\", \"" + f.memory_name + "\"";
  }
  return "";
}

std::string mistake_in_prediction(const finding& f, const expectation& e) {
  if (f.kind != "deadlock" || f.certainty != "predicted")
    return "a " + f.certainty + " finding of kind " + f.kind;
  if (f.shape != e.predicted) return "a " + f.shape + " instead of a " + e.predicted;
  std::map<unsigned, unsigned> unmet = e.marks;
  for (const std::vector<frame>& stack : f.waits) {
    const frame* const user = user_frame(stack, e);
    if (user == nullptr) return "a wait without a line of the program";
    if (!e.marks.contains(user->line)) return "a wait at an unmarked line: " + where(*user);
    unmet.erase(user->line);
  }
  if (!unmet.empty()) return "nobody waits at line " + std::to_string(unmet.begin()->first);
  return "";
}

}  // namespace programs
