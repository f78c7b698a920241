// SPDX-License-Identifier: Apache-2.0
// Builds and runs test programs and compares what happens with what their comments promise (expectation.h):
//
//   program_runner --snag build/default/bin/snag --cache DIR [--part PATH…] [--opt O0,O2] [--long]
//                  [--plain|--deadlock] [--compiler g++] testprograms/pairs/race_mutex.cpp…
//
// With --beside FLAG each program is built with and without that flag of the compiler's, and under each seed
// the same variables must be racy; the verdict does not count.
//
// With --check-table it compares testprograms/tour/README.md with the programs' comments instead.
//
// One line for each program and level, and for each failure the command that shows it again. Exit status 0 if
// everything passed, 1 if not, 64 for wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/programs/build_cache.h"
#include "tests/programs/expectation.h"
#include "tests/programs/trial.h"

namespace {

using namespace programs;

const char* word(verdict_kind kind) {
  switch (kind) {
    case verdict_kind::race:
      return "race";
    case verdict_kind::misuse:
      return "misuse";
    case verdict_kind::clean:
      return "clean";
    case verdict_kind::deadlock:
      return "deadlock";
    case verdict_kind::panic:
      return "panic";
    case verdict_kind::leak:
      return "leak";
  }
  return "";
}

void print(const expectation& e, const std::string& optimisation, const trial& t) {
  fmt::print("{} {:<48} {} {:<8} {:>4}/{:<4} {:<5} build {:.1f} s, run {:.1f} s\n",
             t.passed() ? "ok  " : "FAIL", e.name(), optimisation, word(e.expected.kind), t.as_expected,
             t.seeds, t.ran_free ? "+free" : "", t.build_seconds, t.run_seconds);
  int shown = 0;
  for (const failure& f : t.failures) {
    if (++shown > 3) {
      fmt::print("     … and {} more\n", t.failures.size() - 3);
      break;
    }
    fmt::print("     {}: {}\n     {}\n", f.run, f.problem, f.command);
  }
  std::fflush(stdout);
}

// The rows of testprograms/tour/README.md.
std::string table_of(const std::vector<expectation>& programs) {
  std::string text = "| program | what it shows | verdict |\n|---|---|---|\n";
  for (const expectation& e : programs) {
    std::string summary = e.summary;
    for (auto at = summary.find('|'); at != std::string::npos; at = summary.find('|', at + 2))
      summary.insert(at, "\\");
    text += fmt::format("| [{}]({}) | {} | {} |\n", e.file.stem().string(), e.file.filename().string(),
                        summary, e.verdict_text);
  }
  return text;
}

void forget_races(expectation& e) {
  if (!is_reported(e.expected.kind)) return;
  e.expected.kind = verdict_kind::clean;
  e.expected.exact = true;
  e.expected.at_least = e.expected.of;
}

bool check_table(const std::vector<expectation>& programs, const std::string& page) {
  std::ifstream in(page);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string table = table_of(programs);
  if (text.find("\n" + table) != std::string::npos && text.ends_with(table)) return true;
  fmt::print("{} is out of date; its table should be:\n\n{}", page, table);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::string snag, cache_folder, page, compiler, beside, levels = "O0,O2";
  std::vector<std::string> parts, flags, files;
  int seeds = 20, repeat = 0;
  bool more_seeds = false, plain = false, deadlock = false;
  CLI::App app("Runs test programs and checks their verdicts");
  app.add_option("--snag", snag, "The command line to build with")->check(CLI::ExistingFile);
  app.add_option("--cache", cache_folder, "Folder for built programs and reports");
  app.add_option("--check-table", page, "Instead: that this page ends with the table of the programs");
  app.add_option("--part", parts, "File or folder of the toolchain: its change rebuilds")
      ->check(CLI::ExistingPath)
      ->expected(1)
      ->take_all();
  app.add_option("--flag", flags, "Of the compiler, for all of them")->expected(1)->take_all();
  app.add_option("--opt", levels, "Optimisation levels")->capture_default_str();
  app.add_option("--seeds", seeds, "Seeds 1 … N")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_flag("--long", more_seeds, "200 seeds");
  app.add_flag("--plain", plain, "Without the detector: races go unseen, everything else must hold");
  app.add_flag("--deadlock", deadlock,
               "With the search for deadlocks alone: races go unseen, everything else must hold");
  app.add_option("--compiler", compiler,
                 "Instead of the one that snag starts: is given what `snag flags` prints");
  app.add_option("--beside", beside, "Instead: with this flag, too, the same variables are racy");
  app.add_option("--repeat", repeat, "Instead: one seed, N times, every byte the same");
  app.add_option("files", files, "Programs")->required()->check(CLI::ExistingFile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  if (more_seeds) seeds = 200;

  try {
    std::vector<expectation> programs;
    for (const std::string& file : files) {
      programs.push_back(read_expectation(std::filesystem::absolute(file)));
      auto& of_program = programs.back().link_flags;
      of_program.insert(of_program.end(), flags.begin(), flags.end());
      if (plain || deadlock) forget_races(programs.back());
    }
    if (!page.empty()) return check_table(programs, page) ? 0 : 1;
    if (snag.empty() || cache_folder.empty()) throw std::runtime_error("--snag and --cache are needed");
    const build_cache cache(std::filesystem::absolute(snag), cache_folder, {parts.begin(), parts.end()},
                            plain      ? ""
                            : deadlock ? "-deadlock"
                                       : "-race",
                            compiler);
    const build_cache other(std::filesystem::absolute(snag), cache_folder + "/beside",
                            {parts.begin(), parts.end()});
    const auto tried = [&](const expectation& e, const std::string& optimisation) {
      if (repeat > 0) return run_repeatedly(e, cache, optimisation, 7, repeat);
      if (beside.empty()) return run_trial(e, cache, optimisation, seeds, cache_folder);
      expectation with_flag = e;
      with_flag.link_flags.push_back(beside);
      return run_both(e, cache, with_flag, other, optimisation, seeds, cache_folder);
    };
    bool passed = true;
    for (const expectation& e : programs) {
      for (const std::string& level : CLI::detail::split(levels, ',')) {
        const std::string optimisation = "-" + level;
        const trial t = tried(e, optimisation);
        print(e, optimisation, t);
        passed = passed && t.passed();
      }
    }
    return passed ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "program_runner: {}\n", error.what());
    return 64;
  }
}
