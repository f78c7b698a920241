// SPDX-License-Identifier: Apache-2.0
#include "tests/programs/expectation.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace programs {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

verdict parse_verdict(const std::string& text) {
  static const std::regex form(
      R"re((race|misuse|clean|deadlock|panic|leak)(?: (\d+)(\+?)/(\d+))?(?: "(.*)")?)re");
  std::smatch m;
  if (!std::regex_match(text, m, form)) throw std::runtime_error("no such verdict: " + text);
  verdict v;
  v.kind = m[1] == "race"       ? verdict_kind::race
           : m[1] == "misuse"   ? verdict_kind::misuse
           : m[1] == "deadlock" ? verdict_kind::deadlock
           : m[1] == "panic"    ? verdict_kind::panic
           : m[1] == "leak"     ? verdict_kind::leak
                                : verdict_kind::clean;
  if (m[2].matched) {
    v.at_least = std::stoi(m[2]);
    v.exact = m[3].length() == 0;
    v.of = std::stoi(m[4]);
  }
  v.message = m[5];
  if (v.kind == verdict_kind::panic && v.message.empty())
    throw std::runtime_error("a panic needs its message");
  return v;
}

bool fits(const std::string& prefix, verdict_kind kind, bool predicted) {
  if (predicted) return prefix == "predicted" && kind == verdict_kind::clean;
  switch (kind) {
    case verdict_kind::race:
      return prefix == "race";
    case verdict_kind::misuse:
      return prefix == "misuse";
    case verdict_kind::clean:
      return prefix == "norace" || prefix == "clean";
    case verdict_kind::deadlock:
      return prefix == "deadlock";
    case verdict_kind::panic:
      return prefix == "panic" || prefix == "misuse";
    case verdict_kind::leak:
      return prefix == "leak";
  }
  return false;
}

std::optional<std::string> value_of(const std::string& line, const std::string& key) {
  const std::string start = "// " + key + ": ";
  if (!line.starts_with(start)) return std::nullopt;
  return line.substr(start.size());
}

// The prose of the head comment: before "Lesson:", before the first key.
std::string summary_of(std::string_view source) {
  static const std::regex key("// (Lesson|verdict|race|hint|shape|also|predicted|stdout|args|link|free):.*");
  std::istringstream in{std::string(source)};
  std::string text;
  for (std::string line; std::getline(in, line) && line.starts_with("// ") && !std::regex_match(line, key);) {
    if (!line.starts_with("// SPDX")) text += (text.empty() ? "" : " ") + line.substr(3);
  }
  return text;
}

unsigned sides_marked(const std::string& line) {
  const auto at = line.rfind("// <-");
  if (at == std::string::npos) return 0;
  unsigned sides = 0;
  for (const auto& word : words_of(line.substr(at + 5))) {
    if (word == "1")
      sides |= side_one;
    else if (word == "2")
      sides |= side_two;
    else
      throw std::runtime_error("a mark is 1, 2 or both: " + line);
  }
  if (sides == 0) throw std::runtime_error("an empty mark");
  return sides;
}

}  // namespace

std::string expectation::name() const {
  return (file.parent_path().filename() / file.stem()).string() + (file.extension() == ".c" ? ".c" : "");
}

expectation parse_expectation(const std::filesystem::path& file, std::string_view source) {
  expectation e;
  e.file = file;
  e.source.assign(source.begin(), source.end());
  e.summary = summary_of(source);
  bool has_verdict = false;
  std::istringstream in{std::string(source)};
  unsigned number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    try {
      if (auto v = value_of(line, "verdict")) {
        e.expected = parse_verdict(*v);
        e.verdict_text = *v;
        has_verdict = true;
      }
      if (auto v = value_of(line, "race")) e.race_names = words_of(*v);
      if (auto v = value_of(line, "hint")) e.hints = words_of(*v);
      if (auto v = value_of(line, "shape")) e.shape = *v;
      if (auto v = value_of(line, "also")) e.also = words_of(*v);
      if (auto v = value_of(line, "predicted")) e.predicted = *v;
      if (auto v = value_of(line, "stdout")) {
        const std::regex must_compile(*v);
        e.output.push_back(*v);
      }
      if (auto v = value_of(line, "args")) e.arguments = words_of(*v);
      if (auto v = value_of(line, "link")) e.link_flags = words_of(*v);
      if (auto v = value_of(line, "free")) e.runs_free = *v != "no";
      if (unsigned sides = sides_marked(line)) e.marks[number] = sides;
    } catch (const std::exception& problem) {
      throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + problem.what());
    }
  }
  const auto fail = [&](const char* why) { throw std::runtime_error(file.string() + ": " + why); };
  if (!has_verdict) fail("no `// verdict:` line");
  const std::string stem = file.stem().string();
  if (!fits(stem.substr(0, stem.find('_')), e.expected.kind, !e.predicted.empty()))
    fail("the file's name contradicts its verdict");
  if (is_reported(e.expected.kind)) {
    unsigned sides = 0;
    for (const auto& [line, marked] : e.marks) sides |= marked;
    // A misuse may have nobody on the other side.
    const bool enough =
        sides == (side_one | side_two) || (sides == side_one && e.expected.kind == verdict_kind::misuse);
    if (e.race_names.empty() || !enough) fail("a race needs a name and two marked sides");
  } else if (!e.predicted.empty()) {
    if (e.marks.empty()) fail("a prediction needs marked lines");
  } else if (e.expected.kind == verdict_kind::panic && !e.hints.empty()) {
    if (e.race_names.empty() || e.marks.empty()) fail("a misuse needs a name and marked lines");
  } else if (!e.marks.empty()) {
    fail("marked lines, but no race expected");
  }
  return e;
}

expectation read_expectation(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  return parse_expectation(file, source);
}

}  // namespace programs
