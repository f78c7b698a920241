// SPDX-License-Identifier: Apache-2.0
// snag run: compile into a private directory, run, take the directory away. The program has our standard
// streams and terminal; its exit status is ours.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sstream>

#include "cli/compilation.h"
#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/gate.h"
#include "cli/output_file.h"
#include "cli/report_inputs.h"
#include "cli/runtime_options.h"
#include "cli/temporary_directory.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

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
  gate_flags gate;

  runtime_options options() const {
    runtime_options result;
    if (seed) result["seed"] = std::to_string(*seed);
    if (!gate.baseline.empty()) return result;  // then the judgement is ours: judged_run
    if (!format.empty()) result["report_format"] = format;
    if (!log_path.empty()) result["log_path"] = log_path;
    if (!gate.fail_on.empty()) result["fail_on"] = fmt::format("{}", fmt::join(gate.fail_on, ","));
    if (gate.exit_code) result["exitcode"] = std::to_string(*gate.exit_code);
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
  declare_gate(app, flags.gate);
  app.footer(
      "Every other option before -- goes to clang; the default standard is C++20.\n"
      "-race-checks=all leaves out no check; -race-checks=small makes smaller code (docs/options.md).\n"
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

// One run of the program: as it is, or, with a baseline, one that writes its findings where we read, compare
// and tell them.
class judged_run {
 public:
  judged_run(const run_flags& flags, const fs::path& folder)
      : flags_(flags), document_(folder / "findings.json") {
    if (!flags.gate.baseline.empty()) known_ = read_baseline(flags.gate.baseline);
  }

  ended operator()(signal_guard& guard, const command_line& command, const std::string& options) const {
    const std::string all =
        known_
            ? merge_options(options, {{"report_format", "json"}, {"log_path", document_}, {"exitcode", "0"}})
            : options;
    environment variables;
    if (!all.empty()) variables["SNAG_OPTIONS"] = all;
    if (known_)
      for (const std::string& left : documents_of(document_)) fs::remove(left);
    ended result = guard.run(command, variables);
    if (known_) judge_run(result);
    return result;
  }

 private:
  // What the program itself decided comes first where it says more: a panic, an error of ours.
  void judge_run(ended& result) const {
    report all;
    for (const std::string& document : documents_of(document_)) merge(all, read_report(document));
    const report_view v = judge(all, flags_.gate, &*known_, today());
    if (!v.findings.empty() || !v.notes.empty()) {
      const bool to_stream =
          flags_.log_path.empty() || flags_.log_path == "stderr" || flags_.log_path == "stdout";
      std::ostringstream text;
      if (flags_.format == "json")
        write_report(text, all);
      else
        render_text(text, v);
      if (to_stream) {
        fmt::print(flags_.log_path == "stdout" ? stdout : stderr, "{}", text.str());
      } else {
        output_file out(flags_.log_path);
        out.stream() << text.str();
        out.finish();
      }
    }
    const int status = gate_status(v, flags_.gate);
    if (status != exit_success && result.status != exit_panic && result.status != exit_internal)
      result.status = status;
  }

  const run_flags& flags_;
  const fs::path document_;
  std::optional<baseline> known_;
};

// Until one fails, which says what its seed was: --seed repeats that run.
int run_seeds(signal_guard& guard, const judged_run& run_once, const command_line& command,
              const std::string& options, std::uint64_t last) {
  const bool shows_progress = isatty(STDERR_FILENO) != 0;
  for (std::uint64_t seed = 1;; ++seed) {
    if (shows_progress) fmt::print(stderr, "\rsnag: seed {} of {}\r", seed, last);
    const ended result = run_once(guard, command, merge_options(options, {{"seed", std::to_string(seed)}}));
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

  check_gate(flags.gate);
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
  const judged_run run_once(flags, directory.path());
  if (flags.seeds != 0) return run_seeds(guard, run_once, command, options, flags.seeds);
  const ended result = run_once(guard, command, options);
  say_what_killed_it(result.signal);
  return result.status;
}

}  // namespace snag::cli
