// SPDX-License-Identifier: Apache-2.0
// snag run: compile into a private directory, run, take the directory away. The program has our standard
// streams and terminal; its exit status is ours.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>

#include "cli/compilation.h"
#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/runtime_options.h"
#include "cli/temporary_directory.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> finding_kinds = {"race",      "deadlock",  "leak",   "misuse",
                                             "predicted", "suspected", "unseen", "none"};

std::string is_seed(const std::string& text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? "" : text + " is not a number from 0 to 2^64 - 1";
}

struct run_flags {
  bool race = false, deadlock = false;
  std::optional<std::uint64_t> seed;
  std::uint64_t seeds = 0;  // 1 … seeds, until one run fails; 0: one run
  std::string format, log_path;
  std::vector<std::string> fail_on;
  std::optional<int> exit_code;

  runtime_options options() const {
    runtime_options result;
    if (seed) result["seed"] = std::to_string(*seed);
    if (!format.empty()) result["report_format"] = format;
    if (!log_path.empty()) result["log_path"] = log_path;
    if (!fail_on.empty()) result["fail_on"] = fmt::format("{}", fmt::join(fail_on, ","));
    if (exit_code) result["exitcode"] = std::to_string(*exit_code);
    return result;
  }
};

void declare(CLI::App& app, run_flags& flags) {
  set_usage(app, "snag run [Snag's flags] [clang options] FILE.cpp… [-- ARGUMENTS OF THE PROGRAM]");
  app.add_flag("--race", flags.race, "Also -race: report data races; exit with 66 if there are any");
  app.add_flag("--deadlock", flags.deadlock,
               "Also -deadlock: report deadlocks and leaks alone, at little cost; -race reports them, too");
  app.add_option("--seed", flags.seed,
                 "Run one interleaving, chosen by the seed, on a virtual clock: same seed, same run")
      ->check(is_seed)
      ->type_name("N");
  app.add_option(
         "--seeds", flags.seeds,
         "Run under the seeds 1 to N, one after the other, until a run ends with another status than 0")
      ->check(CLI::Range(std::uint64_t{1}, ~std::uint64_t{0}))
      ->excludes("--seed")
      ->type_name("N");
  app.add_option("--format", flags.format, "The report's format: text (the default) or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  app.add_option("--log-path", flags.log_path, "Write the report to this file instead of standard error")
      ->type_name("FILE");
  app.add_option("--fail-on", flags.fail_on,
                 "Which findings change the exit status; a list such as race,deadlock")
      ->delimiter(',')
      ->check(CLI::IsMember(finding_kinds))
      ->type_name("KINDS");
  app.add_option("--exit-code", flags.exit_code,
                 "The exit status when there are such findings, instead of 66")
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  app.footer(
      "Every other option before -- goes to clang; the default standard is C++20.\n"
      "Exit status: 1 compile error; 2 panic, fatal error or deadlock; 66 findings; else the program's own\n"
      "(128 + n if signal n killed it); 64 wrong usage of snag; 70 snag itself failed.\n"
      "More options of a running program, in SNAG_OPTIONS: docs/api.md.");
}

// The program would say so itself, but only once it has been compiled.
void check_log_path(const std::string& path) {
  if (path.empty() || path == "stderr" || path == "stdout") return;
  const fs::path parent = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  std::error_code error;
  const char* why = !fs::is_directory(parent, error)    ? "there is no such directory"
                    : access(parent.c_str(), W_OK) != 0 ? std::strerror(errno)
                    : fs::is_directory(path, error)     ? "it is a directory"
                                                        : nullptr;
  if (why) throw usage_error(fmt::format("the report cannot be written to {}: {}", path, why));
}

void say_what_killed_it(int signal) {
  switch (signal) {
    case 0:
    case SIGINT:
    case SIGTERM:
    case SIGHUP:
    case SIGPIPE:
      return;
    case SIGKILL:
      fmt::print(stderr,
                 "snag: the program was killed (if nobody sent it SIGKILL, memory ran out: see dmesg)\n");
      return;
    default:
      fmt::print(stderr, "snag: the program was killed by signal {} ({})\n", signal, strsignal(signal));
  }
}

// Until one fails, which says what its seed was: --seed repeats that run.
int run_seeds(signal_guard& guard, const command_line& command, const std::string& options,
              std::uint64_t last) {
  const bool shows_progress = isatty(STDERR_FILENO) != 0;
  for (std::uint64_t seed = 1;; ++seed) {
    if (shows_progress) fmt::print(stderr, "\rsnag: seed {} of {}\r", seed, last);
    const ended result =
        guard.run(command, {{"SNAG_OPTIONS", merge_options(options, {{"seed", std::to_string(seed)}})}});
    say_what_killed_it(result.signal);
    if (result.status != 0) {
      fmt::print(stderr, "snag: seed {} of {} ended with status {}; --seed {} repeats it\n", seed, last,
                 result.status, seed);
      return result.status;
    }
    if (seed == last) break;
  }
  fmt::print(stderr, "snag: all {} seeds ended with status 0\n", last);
  return exit_success;
}

}  // namespace

int run(const arguments& words) {
  run_flags flags;
  CLI::App app("Compile a program and run it.", "run");
  declare(app, flags);
  const command_words split = separate(app, words);
  if (!parse(app, split.own)) return exit_success;

  if (flags.fail_on.size() > 1 && std::ranges::count(flags.fail_on, "none") != 0)
    throw usage_error("--fail-on none says that nothing fails, so it stands alone");
  const char* inherited = std::getenv("SNAG_OPTIONS");
  const std::string options = merge_options(inherited ? inherited : "", flags.options());
  check_log_path(flags.log_path);
  const compilation program("run", flags.race, flags.deadlock, split.clang);

  signal_guard guard;
  const temporary_directory directory;
  const std::string& kept = program.request.output_path;
  const fs::path executable = kept.empty() ? directory.path() / program.default_name() : fs::absolute(kept);

  const ended compiled = program.make(guard, directory.path(), kept.empty() ? executable.string() : "");
  if (compiled.signal != 0) return compiled.status;
  if (compiled.status == 1) {
    directory.require_space();  // then it was not the program's fault
    return exit_compile_error;
  }
  if (compiled.status != 0)
    throw internal_error(
        fmt::format("clang itself failed, with status {}; what it said is above", compiled.status));

  command_line command{executable};
  command.insert(command.end(), split.program.begin(), split.program.end());
  if (flags.seeds != 0) return run_seeds(guard, command, options, flags.seeds);
  environment variables;
  if (!options.empty()) variables["SNAG_OPTIONS"] = options;
  const ended result = guard.run(command, variables);
  say_what_killed_it(result.signal);
  return result.status;
}

}  // namespace snag::cli
