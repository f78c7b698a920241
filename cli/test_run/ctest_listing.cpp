// SPDX-License-Identifier: Apache-2.0
// CTest's tests, from CTest itself: --show-only=json-v1 says all that their CMake files do.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/failure.h"
#include "cli/test_run/ask_program.h"
#include "cli/test_run/test_listing.h"

namespace snag::cli {
namespace {

using json = nlohmann::json;

std::vector<std::string> texts(const json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  return value.get<std::vector<std::string>>();
}

std::string current_value(const test_program& program, const std::string& name) {
  if (const auto set = program.variables.find(name); set != program.variables.end()) return set->second;
  const char* const ours = std::getenv(name.c_str());
  return ours != nullptr ? ours : "";
}

// "PATH=path_list_prepend:/x". `unset` leaves the variable empty: nearly all programs take that for the same.
void modify(test_program& program, const std::string& modification) {
  const std::size_t equals = modification.find('='), colon = modification.find(':', equals);
  if (equals == std::string::npos || colon == std::string::npos) return;
  const std::string name = modification.substr(0, equals), value = modification.substr(colon + 1);
  const std::string operation = modification.substr(equals + 1, colon - equals - 1);
  const std::string now = current_value(program, name);
  const auto joined = [&](const std::string& first, const std::string& second, const char* separator) {
    return first.empty() || second.empty() ? first + second : first + separator + second;
  };
  std::string& result = program.variables[name];
  result = now;
  if (operation == "set") result = value;
  if (operation == "unset") result.clear();
  if (operation == "reset") {
    program.variables.erase(name);
    return;
  }
  if (operation == "string_append") result = now + value;
  if (operation == "string_prepend") result = value + now;
  if (operation == "path_list_append") result = joined(now, value, ":");
  if (operation == "path_list_prepend") result = joined(value, now, ":");
  if (operation == "cmake_list_append") result = joined(now, value, ";");
  if (operation == "cmake_list_prepend") result = joined(value, now, ";");
}

// What one test says of others, by name.
struct relations {
  std::vector<std::string> depends, sets_up, cleans_up, requires_;
};

void set_property(test_program& program, relations& others, bool& disabled, const std::string& name,
                  const json& value) {
  ctest_properties& c = program.ctest;
  if (name == "DISABLED") disabled = value.get<bool>();
  if (name == "WILL_FAIL") c.will_fail = value.get<bool>();
  if (name == "RUN_SERIAL") c.serial = value.get<bool>();
  if (name == "SKIP_RETURN_CODE") c.skip_status = value.get<int>();
  if (name == "PASS_REGULAR_EXPRESSION") c.pass_if = texts(value);
  if (name == "FAIL_REGULAR_EXPRESSION") c.fail_if = texts(value);
  if (name == "SKIP_REGULAR_EXPRESSION") c.skip_if = texts(value);
  if (name == "RESOURCE_LOCK") c.locks = texts(value);
  if (name == "WORKING_DIRECTORY") program.directory = value.get<std::string>();
  if (name == "TIMEOUT")
    program.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(value.get<double>() * 1000));
  if (name == "DEPENDS") others.depends = texts(value);
  if (name == "FIXTURES_SETUP") others.sets_up = texts(value);
  if (name == "FIXTURES_CLEANUP") others.cleans_up = texts(value);
  if (name == "FIXTURES_REQUIRED") others.requires_ = texts(value);
  if (name == "ENVIRONMENT")
    for (const std::string& variable : texts(value)) {
      const std::size_t equals = variable.find('=');
      if (equals != std::string::npos)
        program.variables[variable.substr(0, equals)] = variable.substr(equals + 1);
    }
}

struct named_test {
  test_program program;
  relations others;
};

bool have_one_in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& s) { return std::find(b.begin(), b.end(), s) != b.end(); });
}

void relate(std::vector<named_test>& tests) {
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < tests.size(); ++i) numbers.emplace(tests[i].program.label, i);
  for (std::size_t i = 0; i < tests.size(); ++i) {
    ctest_properties& c = tests[i].program.ctest;
    for (const std::string& name : tests[i].others.depends)
      if (const auto at = numbers.find(name); at != numbers.end() && at->second != i)
        c.after.push_back(at->second);
    if (tests[i].others.requires_.empty()) continue;
    for (std::size_t k = 0; k < tests.size(); ++k) {
      if (k == i) continue;
      if (have_one_in_common(tests[i].others.requires_, tests[k].others.sets_up)) {
        c.needs.push_back(k);
        c.after.push_back(k);
      }
      if (have_one_in_common(tests[i].others.requires_, tests[k].others.cleans_up)) {
        c.cleaned_by.push_back(k);
        tests[k].program.ctest.after.push_back(i);
      }
    }
  }
}

std::string one_line(std::string text) {
  constexpr std::size_t most = 1000;
  text.resize(std::min(text.size(), most));
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

test_list ctest_list_of(const std::string& text, const std::string& directory) {
  std::vector<named_test> tests;
  std::map<std::string, bool> looked_at;
  try {
    const json document = json::parse(text);
    if (document.at("kind") != "ctestInfo" || document.at("version").at("major") != 1)
      throw std::runtime_error("it is not ctestInfo 1");
    for (const json& t : document.at("tests")) {
      named_test test{{.label = t.at("name").get<std::string>(), .command = {}, .directory = directory}, {}};
      bool disabled = false;
      if (t.contains("command"))
        test.program.command = texts(t.at("command"));
      else
        test.program.problem = "its program is not there (was it built?)";
      std::vector<std::string> modifications;
      for (const json& p : t.value("properties", json::array())) {
        set_property(test.program, test.others, disabled, p.at("name").get<std::string>(), p.at("value"));
        if (p.at("name") == "ENVIRONMENT_MODIFICATION") modifications = texts(p.at("value"));
      }
      for (const std::string& m : modifications) modify(test.program, m);
      if (disabled) continue;
      if (!test.program.command.empty()) {
        const std::string& file = test.program.command[0];
        auto [at, is_new] = looked_at.try_emplace(file, false);
        std::error_code error;
        if (is_new && std::filesystem::is_regular_file(file, error)) try {
            at->second = look_at_program(file).detects;
          } catch (const failure&) {
            at->second = false;  // one that may be run and not read
          }
        test.program.detects = at->second;
      }
      tests.push_back(std::move(test));
    }
  } catch (const std::exception& error) {
    throw internal_error(fmt::format("the list of tests that ctest made cannot be read: {}", error.what()));
  }
  std::sort(tests.begin(), tests.end(),
            [](const named_test& a, const named_test& b) { return a.program.label < b.program.label; });
  relate(tests);
  test_list list;
  for (named_test& t : tests) {
    list.cases.push_back({.program = list.programs.size(), .name = t.program.label});
    list.programs.push_back(std::move(t.program));
  }
  if (std::none_of(list.programs.begin(), list.programs.end(),
                   [](const test_program& p) { return p.detects; }) &&
      !list.programs.empty())
    list.notes.push_back(
        fmt::format("none of the programs that {} tests has a detector in it: nothing is looked for, unless "
                    "they start some that have",
                    directory));
  return list;
}

test_list list_ctest(signal_guard& guard, const std::string& directory) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(directory);
  if (!std::filesystem::is_directory(path, error))
    throw usage_error(fmt::format("--ctest {}: there is no such directory", directory));
  if (!std::filesystem::exists(path / "CTestTestfile.cmake", error))
    throw usage_error(
        fmt::format("--ctest {}: no CTestTestfile.cmake is there: is it a build directory, and does the "
                    "project call enable_testing()?",
                    directory));
  // env finds ctest in PATH. It may have to run every program to ask it for its tests (gtest_discover_tests).
  const said listed = ask_program(guard, {"/usr/bin/env", "ctest", "--test-dir", path, "--show-only=json-v1"},
                                  std::chrono::minutes(10));
  const std::size_t begin = listed.output.find('{'), end = listed.output.rfind('}');
  if (listed.how.status != 0 || begin == std::string::npos || end == std::string::npos)
    throw internal_error(fmt::format(
        "ctest --test-dir {} --show-only=json-v1 {}; it said: {}", directory,
        listed.timed_out ? "does not end" : fmt::format("ended with status {}", listed.how.status),
        one_line(listed.output)));
  return ctest_list_of(listed.output.substr(begin, end - begin + 1), path);
}

}  // namespace snag::cli
