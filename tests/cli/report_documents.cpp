// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/report_documents.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/failure.h"

namespace snag::cli_test {
namespace {

using json = nlohmann::ordered_json;

json frame(const std::string& function, const std::string& file, unsigned line, const std::string& call) {
  return {{"function", function}, {"file", file},     {"line", line},     {"column", 3},
          {"inlined", false},     {"runtime", false}, {"library", false}, {"call", call}};
}

json access(const race_facts& f, const char* operation, unsigned line, unsigned actor) {
  json stack = json::array({frame(f.function, f.file, line, f.expression)});
  if (!f.caller.empty()) stack.push_back(frame(f.caller, f.file, line + 100, f.function));
  return {{"operation", operation},
          {"address", "0x1000"},
          {"size", 4},
          {"actor", actor},
          {"expression", f.expression},
          {"variable", f.variable},
          {"type", "int"},
          {"declaration", f.file + ":5"},
          {"capture", ""},
          {"path", ""},
          {"index", nullptr},
          {"record", ""},
          {"field_offset", nullptr},
          {"through", ""},
          {"object", ""},
          {"object_type", ""},
          {"object_declaration", ""},
          {"object_size", 0},
          {"stack", stack},
          {"recursion_folded", false},
          {"locks", json::array()},
          {"last_release",
           actor == 1 ? json::array({frame("main", f.file, 20, "snag::go(worker)")}) : json::array()}};
}

json actor(unsigned id, unsigned parent, const std::string& file) {
  return {{"id", id},
          {"kind", "goroutine"},
          {"name", id == 3 ? "feeder" : ""},
          {"state", "running"},
          {"parent", parent},
          {"created_at",
           parent == 0 ? json::array() : json::array({frame("main", file, 20, "snag::go(worker)")})},
          {"recursion_folded", false}};
}

json start(unsigned id, unsigned parent, const std::string& file) {
  const json a = actor(id, parent, file);
  return {
      {"actor", id}, {"kind", "goroutine"}, {"name", a["name"]}, {"parent", parent}, {"at", a["created_at"]}};
}

json memory(const std::string& kind, const std::string& name) {
  return {{"kind", kind},     {"name", name},       {"module", "app"},
          {"base", "0x1000"}, {"size", 4},          {"owner", 0},
          {"freed", false},   {"element", nullptr}, {"allocated_at", json::array()}};
}

}  // namespace

std::string race(const race_facts& f) {
  return json{
      {"count", f.count},
      {"fingerprint", f.fingerprint},
      {"kind", "race"},
      {"rule", "data-race"},
      {"message", fmt::format("data race on {} (int): write at {}:{} and read at {}:{}", f.variable, f.file,
                              f.line, f.file, f.other_line)},
      {"accesses", {access(f, "write", f.line, 2), access(f, "read", f.other_line, 1)}},
      {"memory", memory(f.memory, f.memory == "global" ? f.variable : "")},
      {"missing_edge",
       "main goroutine last released at app.cpp:20 (snag::go(worker)), before the "
       "read; nothing orders that before the write by goroutine 2"},
      {"order", {{"release_met", false}, {"starts", {start(2, 1, f.file), start(1, 0, f.file)}}}},
      {"certainty", f.certainty},
      {"hints", {{{"rule", "captured-by-reference"}, {"text", "it is captured: <copy> it & be glad"}}}},
      {"actors", {actor(2, 1, f.file), actor(1, 0, f.file)}}}
      .dump();
}

std::string deadlock(const std::string& fingerprint) {
  const auto wait = [](unsigned who, unsigned holder, const char* mine, unsigned line) {
    return json{{"actor", who},
                {"state", "lock"},
                {"milliseconds", 1200},
                {"alike", 0},
                {"behind", false},
                {"for",
                 {{{"operation", "lock"},
                   {"kind", "mutex"},
                   {"name", mine},
                   {"address", who == 2 ? "0x20" : "0x30"},
                   {"reason", fmt::format("goroutine {} holds it", holder)},
                   {"held_by",
                    {{{"actor", holder},
                      {"mode", "exclusive"},
                      {"taken_at", json::array({frame("left()", "bank.cpp", line + 1, "m.lock()")})}}}},
                   {"last_handle", nullptr}}}},
                {"stack", json::array({frame("left()", "bank.cpp", line, "m.lock()")})},
                {"recursion_folded", false}};
  };
  return json{{"count", 1},
              {"fingerprint", fingerprint},
              {"kind", "deadlock"},
              {"rule", "lock-cycle"},
              {"message", "2 goroutines wait for each other's locks"},
              {"accesses", json::array()},
              {"memory", memory("unknown", "")},
              {"missing_edge", ""},
              {"order", nullptr},
              {"certainty", "proved"},
              {"shape", "lock cycle"},
              {"waits", {wait(2, 3, "a", 7), wait(3, 2, "b", 17)}},
              {"remedy", "both locked them in one order"},
              {"scopes", json::array()},
              {"hints", json::array()},
              {"actors", {actor(2, 1, "bank.cpp"), actor(3, 1, "bank.cpp")}}}
      .dump();
}

std::string findings_document(const std::vector<std::string>& findings, const run_facts& run) {
  return fmt::format(
      R"({{"schema": "snag-findings/7", "tool": {{"name": "snag", "version": "0.1.0"}},
"run": {{"end": "{}", "signal": null, "status": 66, "seed": {}, "audit": {}}},
"totals": {{"distinct": {}, "occurrences": {}, "not_listed": {}, "suppressed": {}}}, "suppressions": [],
"findings": [{}]}})",
      run.end, run.seed, run.audit, findings.size(), findings.size(), run.not_listed, run.suppressed,
      fmt::join(findings, ",\n"));
}

cli::report read(const std::string& document, const std::string& name) {
  std::istringstream in(document);
  return cli::read_report(in, name);
}

std::string written(const cli::report& r) {
  std::ostringstream out;
  cli::write_report(out, r);
  return out.str();
}

std::string complaint(const std::string& document) {
  try {
    read(document);
  } catch (const cli::failure& f) {
    return f.what();
  }
  return "";
}

}  // namespace snag::cli_test
