// SPDX-License-Identifier: Apache-2.0
// The command line: finds the subcommand by name, also in the name we were called by (snag-c++, snag-cc).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string_view>

#include "cli/failure.h"
#include "cli/spelling.h"
#include "cli/subcommand.h"

namespace snag::cli {
namespace {

constexpr std::array table = {
    subcommand{"run", "[-race|-deadlock] [flags] FILE.cpp… [-- ARGS]", "compile a program and run it", run},
    subcommand{"build", "[-race|-deadlock] [flags] -o APP FILE.cpp…", "compile and link a program", build},
    subcommand{"c++", "[-race|-deadlock] CLANG ARGUMENTS",
               "a C++ compiler for any build system; also as snag-c++", compile_cxx},
    subcommand{"cc", "[-race|-deadlock] CLANG ARGUMENTS",
               "a C compiler for any build system; also as snag-cc", compile_c},
    subcommand{"flags", "[-deadlock]", "what another compiler, such as g++, has to be given", print_flags},
    subcommand{"test", "[flags] PROGRAM… | --ctest DIR",
               "run tests: verdicts, findings by test, shards, time-outs", test},
    subcommand{"explain", "[RULE]", "what a finding means, an example, how to mend it", explain},
    subcommand{"graph", "[-o FILE] FINDINGS.json", "draw who waits for whom, of deadlocks and leaks", graph},
    subcommand{"report", "[--format F] [-o FILE] FILE|FOLDER…",
               "merge findings, compare with a baseline, show them", report_command},
    subcommand{"vet", "[-p DIRECTORY] [FILE…]", "mistakes that show in the source, without a run", vet},
    subcommand{"doctor", "", "check the compiler, Snag's parts and the kernel's settings", doctor},
    subcommand{"version", "", "the versions of Snag, LLVM and the hooks", version},
};

void print_help() {
  fmt::print("Snag: goroutines and channels for C++, and a race detector that knows them.\n\nusage:\n");
  for (const subcommand& s : table) fmt::print("  snag {:<8} {:<44} {}\n", s.name, s.usage, s.summary);
  fmt::print(
      "\nTry:     snag run -race testprograms/tour/race_counter.cpp\n"
      "Flags:   snag COMMAND --help\n"
      "Status:  1 compile error, 2 panic or deadlock, 66 findings, 64 wrong usage, 70 snag itself failed, 75 "
      "shards or tests missing\n"
      "Manual:  docs/api.md\n");
}

int unknown(const std::string& name) {
  if (std::filesystem::path(name).has_extension() && std::filesystem::exists(name))
    throw usage_error(fmt::format("unknown command '{0}'; to run a program: snag run {0}", name));
  std::array<std::string_view, table.size()> names;
  std::transform(table.begin(), table.end(), names.begin(), [](const subcommand& s) { return s.name; });
  throw usage_error(
      fmt::format("unknown command '{}'{} (snag --help lists them)", name, suggestion(name, names)));
}

int dispatch(const std::string& name, const arguments& rest) {
  if (name == "help" || name == "--help" || name == "-h") {
    if (name == "help" && !rest.empty() && rest[0] != "help") return dispatch(rest[0], {"--help"});
    print_help();
    return 0;
  }
  if (name == "--version") return version({});
  for (const subcommand& s : table)
    if (name == s.name) return s.run(rest);
  return unknown(name);
}

int main_with(const std::string& called_as, const arguments& words) {
  if (called_as == "snag-c++") return compile_cxx(words);
  if (called_as == "snag-cc") return compile_c(words);
  if (words.empty()) {
    print_help();
    return exit_usage;
  }
  return dispatch(words[0], {words.begin() + 1, words.end()});
}

}  // namespace
}  // namespace snag::cli

int main(int argc, char** argv) {
  using namespace snag::cli;
  try {
    return main_with(std::filesystem::path(argc > 0 ? argv[0] : "snag").filename(),
                     arguments(argv + std::min(argc, 1), argv + argc));
  } catch (const failure& error) {
    fmt::print(stderr, "snag: {}\n", error.what());
    return error.status();
  } catch (const std::exception& error) {
    fmt::print(stderr, "snag: internal error: {}\n", error.what());
    return exit_internal;
  }
}
