// SPDX-License-Identifier: Apache-2.0
// snag test: runs test programs, or CTest's tests, and tells which test found what.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/gate.h"
#include "cli/runtime_options.h"
#include "cli/temporary_directory.h"
#include "cli/test_run/test_listing.h"
#include "cli/test_run/test_progress.h"
#include "cli/test_run/test_runner.h"
#include "cli/test_run/test_selection.h"
#include "cli/test_run/test_summary.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

struct test_flags {
  bool race = false, deadlock = false, isolate = false, list = false, verbose = false;
  std::string ctest, filter, seeds, timeout = "10m", output;
  std::optional<std::string> shard;
  std::optional<std::size_t> shards;
  std::optional<std::uint64_t> seed;
  std::uint64_t repeat = 1;
  std::size_t jobs = 1;
  std::vector<std::string> programs;
  gate_flags gate;
};

void declare(CLI::App& app, test_flags& flags) {
  set_usage(app,
            "snag test [flags] PROGRAM… [-- ARGUMENTS OF THE PROGRAMS]\n"
            "       snag test [flags] --ctest DIR");
  app.add_option("programs", flags.programs,
                 "Test programs: GoogleTest's, or any that end with 0 if all is well")
      ->type_name("PROGRAM");
  app.add_option("--ctest", flags.ctest, "The tests of a build directory, as ctest --test-dir DIR runs them")
      ->type_name("DIR");
  app.add_option("--filter", flags.filter,
                 "Which tests: patterns as in --gtest_filter, Suite.*:Other.name-*slow*")
      ->type_name("PATTERNS");
  app.add_flag("--list", flags.list, "Only say which tests there are (in this shard)");
  app.add_flag("--isolate", flags.isolate,
               "A process for each test of a GoogleTest program, not one for all");
  app.add_option("-j,--jobs", flags.jobs, "How many programs run at once; 1 if not said")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->type_name("N");
  app.add_option(
         "--timeout", flags.timeout,
         "How long a test may take, such as 90s, 2m or 500ms; then every goroutine is printed, and it is "
         "killed. 0: for ever. 10m if not said; CTest's own TIMEOUT of a test counts more")
      ->type_name("TIME");
  app.add_option("--repeat", flags.repeat, "Run every test so many times")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32))
      ->type_name("N");
  auto* const seed =
      app.add_option("--seed", flags.seed, "Run every test once, under this seed")->type_name("N");
  app.add_option("--seeds", flags.seeds, "Run every test under each of these seeds: A-B, or N for 1-N")
      ->excludes(seed)
      ->type_name("A-B");
  app.add_option(
         "--shard", flags.shard,
         "Run one part of n: 1/n to n/n. Not said: as Bazel, GoogleTest, Slurm, Kubernetes or GitLab says")
      ->type_name("I/N");
  app.add_option("--shards", flags.shards,
                 "How many parts there are, where the system says only which this is")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 20))
      ->type_name("N");
  app.add_option("-o,--output", flags.output,
                 "Where the report goes (JSON): snag-report.json, or snag-report.I-of-N.json, if not said")
      ->type_name("FILE");
  declare_status(app, flags.gate)->allow_extra_args(false);  // programs may follow
  app.add_flag("-v,--verbose", flags.verbose, "Show what every test prints, not only those that fail");
  app.add_flag("--race", flags.race, "Also -race: it is an error if a program was not linked with it");
  app.add_flag("--deadlock", flags.deadlock,
               "Also -deadlock: means nothing; what a program looks for was decided when it was built");
  app.footer(
      "Exit status: 66 findings that count; else 1 a test failed, crashed or took too long; else 75 a test "
      "did not\n"
      "run; 0 all passed; 128 + n interrupted by signal n; 64 wrong usage; 70 snag itself failed.\n"
      "Manual: docs/testing.md.");
}

// As the programs are told, by the flag or by their caller's SNAG_OPTIONS.
gate_flags gate_of(const test_flags& flags) {
  gate_flags gate = flags.gate;
  std::string list;
  if (const char* const inherited = std::getenv("SNAG_OPTIONS"); gate.fail_on.empty() && inherited != nullptr)
    list = option_value(inherited, "fail_on");
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    gate.fail_on.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  check_gate(gate);
  return gate;
}

std::optional<std::string> variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

shard this_shard(const test_flags& flags) {
  shard part = choose_shard(flags.shard, flags.shards, variable);
  if (part.source.empty()) return part;
  // GoogleTest and Bazel take it for an error if nobody creates this file.
  if (!part.status_file.empty()) close(open(part.status_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  return part;
}

// What tests do not inherit: shards, whose part they would take of our part, and where whoever started us
// expects one file from us, not one from each of them.
std::vector<std::string> variables_of_ours() {
  std::vector<std::string> names = shard_variables();
  names.insert(names.end(), {"XML_OUTPUT_FILE", "TEST_PREMATURE_EXIT_FILE"});
  return names;
}

test_list list_tests(signal_guard& guard, const test_flags& flags, const arguments& words) {
  if (flags.ctest.empty() == flags.programs.empty())
    throw usage_error(
        flags.ctest.empty()
            ? "no test program is given: snag test ./my_test, or snag test --ctest BUILD_DIRECTORY"
            : fmt::format("either programs or --ctest {}: run them one after the other", flags.ctest));
  if (flags.ctest.empty()) return list_programs(guard, flags.programs, words, flags.race);
  if (!words.empty()) throw usage_error("CTest's tests have their own arguments: nothing may follow --");
  return list_ctest(guard, flags.ctest);
}

std::string report_name(const test_flags& flags, const shard& part) {
  if (!flags.output.empty()) return flags.output;
  return part.whole() ? "snag-report.json"
                      : fmt::format("snag-report.{}-of-{}.json", part.index + 1, part.total);
}

// For ctest -T memcheck, which runs us in place of the programs: what they would write
// (SNAG_OPTIONS=report_format=tsan).
void write_tsan_log(const collected_findings& findings) {
  const char *const options = std::getenv("SNAG_OPTIONS"), *const theirs = std::getenv("TSAN_OPTIONS");
  if (options == nullptr || theirs == nullptr || option_value(options, "report_format") != "tsan") return;
  const std::string path = option_value(theirs, "log_path");
  if (path.empty()) return;
  std::ofstream log(fmt::format("{}.{}", path, getpid()));
  for (const auto& [fingerprint, f] : findings.all().findings)
    log << fmt::format("WARNING: ThreadSanitizer: {} (pid={})\n{}\n", f.kind == "race" ? "data race" : f.kind,
                       getpid(), f.message);
}

}  // namespace

int test(const arguments& words) {
  test_flags flags;
  CLI::App app("Run tests.", "test");
  declare(app, flags);
  const auto dashes = std::find(words.begin(), words.end(), "--");
  arguments own(words.begin(), dashes);
  for (std::string& word : own)
    if (word == "-race" || word == "-deadlock") word.insert(0, "-");
  if (!parse(app, own)) return exit_success;

  collected_findings findings(gate_of(flags));
  selection_settings selection{.filter = test_filter(flags.filter),
                               .part = this_shard(flags),
                               .repeat = flags.repeat,
                               .isolate = flags.isolate};
  if (flags.seed) selection.seeds = seed_range{*flags.seed, *flags.seed};
  if (!flags.seeds.empty()) selection.seeds = parse_seeds(flags.seeds);
  if (selection.seeds && flags.repeat != 1)
    throw usage_error("one seed is one run: --repeat adds nothing to it");
  const shard& part = selection.part;

  signal_guard guard;
  run_settings settings{.jobs = flags.jobs,
                        .timeout = time_limit(flags.timeout),
                        .options = {{"exitcode", std::to_string(exit_finding)}},
                        .scratch = {},
                        .unset = variables_of_ours()};
  if (!flags.gate.fail_on.empty())
    settings.options["fail_on"] = fmt::format("{}", fmt::join(flags.gate.fail_on, ","));
  const test_list list =
      list_tests(guard, flags, dashes == words.end() ? arguments() : arguments(dashes + 1, words.end()));
  std::vector<test_case> cases = list.cases;
  std::deque<process_plan> plans = select(list, cases, selection);
  if (plans.empty() && part.whole())
    throw usage_error(list.cases.empty()
                          ? "there are no tests"
                          : fmt::format("no test matches --filter {} (--list shows them)", flags.filter));
  if (flags.list) {
    for (const test_case& c : cases)
      if (c.selected) fmt::print("{}\n", c.name);
    return exit_success;
  }

  const steady::time_point began = steady::now();
  std::uint64_t total = 0;
  for (const process_plan& p : plans) total += p.cases.size();
  test_progress progress(stdout, isatty(STDOUT_FILENO) != 0, flags.verbose, total);
  for (const std::string& note : list.notes) progress.say(note);
  if (!part.source.empty())
    progress.say(fmt::format(
        "shard {} of {}, says {}{}", part.index + 1, part.total, part.source,
        part.passed_over.empty() ? "" : fmt::format("; not asked: {}", fmt::join(part.passed_over, ", "))));
  const std::string report_file = report_name(flags, part);
  write_report_file(report_file, findings.with_tests(list.programs, cases, part));

  const temporary_directory scratch;
  settings.scratch = scratch.path();
  int interrupted = 0;
  {
    test_runner runner(guard, settings, list.programs, cases, progress,
                       [&](const fs::path& directory, const std::string& name, const std::string& output) {
                         return findings.take(directory, name, output);
                       });
    interrupted = runner.run(std::move(plans));
  }
  progress.finish();
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - began);
  fmt::print("{}", summary_text(cases, findings, spent));
  const int status = interrupted != 0 ? 128 + interrupted : status_of(cases, findings, flags.gate.status());
  std::fflush(stdout);
  try {
    write_report_file(report_file, findings.with_tests(list.programs, cases, part));
  } catch (const failure& error) {
    fmt::print(stderr, "snag: {}\n", error.what());
    return status == exit_success ? error.status() : status;
  }
  fmt::print("snag: report: {0} (snag report {0} shows it)\n", report_file);
  write_tsan_log(findings);
  return status;
}

}  // namespace snag::cli
