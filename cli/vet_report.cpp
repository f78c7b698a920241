// SPDX-License-Identifier: Apache-2.0
#include "cli/vet_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/failure.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

source_place place_from(const json& j) { return {j.at("file"), j.at("line"), j.at("column")}; }

source_finding finding_from(const json& j) {
  source_finding f{place_from(j), j.at("rule"), j.at("message"), {}, {}};
  for (const json& n : j.at("notes")) f.notes.push_back({place_from(n), n.at("message")});
  if (j.contains("edits"))
    for (const json& e : j.at("edits"))
      f.edits.push_back({e.at("file"), e.at("offset"), e.at("length"), e.at("text")});
  return f;
}

json to_json(const source_place& p) { return {{"file", p.file}, {"line", p.line}, {"column", p.column}}; }

// The file's name from the directory, if it is below it.
std::string name_from(const std::string& file, const std::string& directory) {
  const std::string prefix = directory.ends_with('/') ? directory : directory + "/";
  return file.starts_with(prefix) ? file.substr(prefix.size()) : file;
}

std::string line_of(const source_place& p) {
  std::ifstream in(p.file);
  std::string line;
  for (std::size_t i = 0; i < p.line; ++i)
    if (!std::getline(in, line)) return {};
  return line;
}

// The line, and a mark under the column. Tabs stay tabs, so that both lines are as wide.
std::string excerpt(const source_place& p) {
  const std::string line = line_of(p);
  if (line.empty() || line.size() > 400 || p.column == 0 || p.column > line.size() + 1) return {};
  std::string mark = line.substr(0, p.column - 1);
  std::transform(mark.begin(), mark.end(), mark.begin(), [](char c) { return c == '\t' ? '\t' : ' '; });
  return fmt::format("{:>5} | {}\n      | {}^\n", p.line, line, mark);
}

std::string read_all(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw failure(exit_internal, fmt::format("{} cannot be read: {}", file, std::strerror(errno)));
  return all;
}

// All or nothing: to a file beside it, which then takes its place.
void write_all(const std::string& file, const std::string& all) {
  const fs::path target = fs::canonical(file);  // not the symbolic link to it
  const fs::path beside = target.string() + ".snag-vet";
  std::error_code error;
  {
    std::ofstream out(beside, std::ios::binary);
    out << all << std::flush;
    if (!out) {
      const int number = errno;
      fs::remove(beside, error);
      throw failure(exit_internal, fmt::format("{} cannot be written: {}", file, std::strerror(number)));
    }
  }
  fs::permissions(beside, fs::status(target).permissions(), error);
  fs::rename(beside, target, error);
  if (error) throw failure(exit_internal, fmt::format("{} cannot be written: {}", file, error.message()));
}

bool overlap(const source_edit& a, const source_edit& b) {
  if (a.file != b.file || a == b) return false;
  if (a.length == 0 && b.length == 0) return a.offset == b.offset;
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

}  // namespace

void add_findings(vet_report& report, const std::string& text) {
  try {
    for (const json& f : json::parse(text)) report.findings.insert(finding_from(f));
  } catch (const json::exception& error) {
    throw internal_error(fmt::format("snag-vet wrote what is not its JSON: {}", error.what()));
  }
}

std::string render_text(const source_finding& f, const std::string& directory) {
  const auto line = [&](const source_place& p, const char* kind, const std::string& message) {
    return fmt::format("{}:{}:{}: {}: {}\n{}", name_from(p.file, directory), p.line, p.column, kind, message,
                       excerpt(p));
  };
  std::string result = line(f.place, "warning", fmt::format("{} [snag-{}]", f.message, f.rule));
  for (const source_note& n : f.notes) result += line(n.place, "note", n.message);
  return result;
}

std::string render_json(const vet_report& report) {
  json findings = json::array(), failed = json::array();
  for (const source_finding& f : report.findings) {
    json j{{"rule", f.rule}};
    j.update(to_json(f.place));
    j["message"] = f.message;
    j["notes"] = json::array();
    for (const source_note& n : f.notes) {
      json note = to_json(n.place);
      note["message"] = n.message;
      j["notes"].push_back(std::move(note));
    }
    for (const source_edit& e : f.edits)
      j["edits"].push_back({{"file", e.file}, {"offset", e.offset}, {"length", e.length}, {"text", e.text}});
    findings.push_back(std::move(j));
  }
  for (const auto& [file, reason] : report.failed) failed.push_back({{"file", file}, {"reason", reason}});
  const json all{{"schema", "snag-vet/1"},
                 {"sources", report.sources},
                 {"findings", std::move(findings)},
                 {"failed", std::move(failed)}};
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::size_t apply_edits(vet_report& report) {
  std::map<std::string, std::set<source_edit>> made;
  std::vector<source_finding> mended;
  for (const source_finding& f : report.findings) {
    if (f.edits.empty()) continue;
    const bool fits = std::none_of(f.edits.begin(), f.edits.end(), [&](const source_edit& e) {
      return std::any_of(made[e.file].begin(), made[e.file].end(),
                         [&](const source_edit& other) { return overlap(e, other); });
    });
    if (!fits) continue;
    for (const source_edit& e : f.edits) made[e.file].insert(e);
    mended.push_back(f);
  }
  for (const auto& [file, edits] : made) {
    if (edits.empty()) continue;
    std::string text = read_all(file);
    for (auto e = edits.rbegin(); e != edits.rend(); ++e) {  // from the end, so that offsets stay
      if (e->offset + e->length > text.size())
        throw internal_error(fmt::format("{} has changed while it was read: nothing in it was mended", file));
      text.replace(e->offset, e->length, e->text);
    }
    write_all(file, text);
  }
  for (const source_finding& f : mended) report.findings.erase(f);
  return mended.size();
}

}  // namespace snag::cli
