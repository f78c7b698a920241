// SPDX-License-Identifier: Apache-2.0
#include "cli/compilation.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/compile_command.h"
#include "cli/failure.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

bool is_standard_of(const std::string& word, bool cxx) {
  return word.starts_with("-std=") && (word.find("++") != std::string::npos) == cxx;
}

bool is_input(const clang_request& request, const std::string& word) {
  return std::find(request.inputs.begin(), request.inputs.end(), word) != request.inputs.end();
}

command_line command_for(bool cxx, bool race, bool deadlock, arguments words) {
  const installation parts = installation::of_this_executable();
  parts.require(race, deadlock);
  return clang_command(parts, find_clang(cxx),
                       {.cxx = cxx, .race = race, .deadlock = deadlock, .user = std::move(words)});
}

arguments with_output(arguments words, const std::string& output) {
  words.insert(words.begin(), {"-o", output});
  return words;
}

}  // namespace

compilation::compilation(const char* command, bool with_race, bool with_deadlock, arguments words)
    : race(with_race),
      deadlock(with_deadlock),
      clang(std::move(words)),
      request(understand(clang, /*cxx=*/false)) {
  if (request.inputs.empty())
    throw usage_error(fmt::format(
        "no source file is named; usage: snag {} [-race] FILE.cpp… (see snag {} --help)", command, command));
  for (const std::string& input : request.inputs) {
    std::error_code error;
    if (input == "-" || input.starts_with("@") || fs::exists(input, error)) continue;
    throw usage_error(
        fmt::format("there is no file {}{}", input,
                    std::string_view(command) == "run" ? " (the program's own arguments go after --)" : ""));
  }
  if (request.output != output_kind::executable)
    throw usage_error(fmt::format(
        "snag {} makes a program, and these options ask clang for something else: use snag c++", command));
}

std::string compilation::default_name() const {
  const std::string& first = request.sources.empty() ? request.inputs.front() : request.sources.front().path;
  const std::string stem = fs::path(first).stem();
  return stem.empty() || first == "-" ? "main" : stem;
}

bool compilation::mixes_c_and_cxx() const {
  const auto is_c = [](const source_file& s) { return s.c; };
  return std::any_of(request.sources.begin(), request.sources.end(), is_c) &&
         !std::all_of(request.sources.begin(), request.sources.end(), is_c);
}

command_line compilation::single_command(const std::string& output) const {
  const bool all_c = !request.sources.empty() && std::all_of(request.sources.begin(), request.sources.end(),
                                                             [](const source_file& s) { return s.c; });
  return command_for(!all_c, race, deadlock, output.empty() ? clang : with_output(clang, output));
}

ended compilation::make(signal_guard& guard, const std::string& directory, const std::string& output) const {
  if (!mixes_c_and_cxx()) return guard.run(single_command(output));

  // One clang command has one standard, which C and C++ cannot share.
  const arguments for_c = filter(clang, [&](const std::string& word) {
    return word != "-o" && !is_standard_of(word, true) && !is_input(request, word);
  });
  arguments rest = filter(clang, [](const std::string& word) { return !is_standard_of(word, false); });
  for (std::size_t i = 0; const source_file& source : request.sources) {
    if (!source.c) continue;
    const std::string object = fmt::format("{}/{}.o", directory, i++);
    arguments words{"--start-no-unused-arguments"};
    words.insert(words.end(), for_c.begin(), for_c.end());
    words.insert(words.end(), {"--end-no-unused-arguments", "-c", source.path});
    if (const ended e = guard.run(command_for(false, race, deadlock, with_output(words, object)));
        e.status != 0)
      return e;
    std::replace(rest.begin(), rest.end(), source.path, object);
  }
  return guard.run(command_for(true, race, deadlock, output.empty() ? rest : with_output(rest, output)));
}

}  // namespace snag::cli
