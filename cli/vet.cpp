// SPDX-License-Identifier: Apache-2.0
// snag vet: what can be seen in the source, without a run. Reads each source of a compilation database by a
// process of its own (lib/snag/snag-vet), several at a time, and tells of all findings together.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/installation.h"
#include "cli/parallel.h"
#include "cli/rules.h"
#include "cli/spelling.h"
#include "cli/subcommand.h"
#include "cli/vet_report.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

struct vet_flags {
  std::string database, checks, format = "text", timeout = "10m";
  std::vector<std::string> files;
  std::size_t jobs = 0;
  bool fix = false, system_headers = false, list = false;
};

std::vector<std::string> words_of(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception& error) {
    throw internal_error(fmt::format("snag-vet wrote what is not its JSON: {}", error.what()));
  }
}

// One answer of the tool's that is not about a source.
std::vector<std::string> ask(command_line command) {
  finished answer{};
  run_in_parallel({std::move(command)}, 1, std::nullopt, [&](finished f) { answer = std::move(f); });
  if (answer.end.status == exit_usage)
    throw usage_error(fmt::format("the compilation database cannot be read: {}",
                                  answer.error.substr(0, answer.error.find('\n'))));
  if (answer.end.status != 0) throw internal_error(fmt::format("snag-vet failed: {}", answer.error));
  return words_of(answer.output);
}

// compile_commands.json as CMake and others leave it: here, in build, or above the first file.
std::string find_database(const std::vector<std::string>& files) {
  const auto is_there = [](const fs::path& directory) {
    std::error_code error;
    return fs::is_regular_file(directory / "compile_commands.json", error);
  };
  for (const fs::path directory : {".", "build"})
    if (is_there(directory)) return directory;
  if (files.empty()) return {};
  std::error_code error;
  for (fs::path directory = fs::absolute(files.front(), error).parent_path();;
       directory = directory.parent_path()) {
    if (is_there(directory)) return directory;
    if (is_there(directory / "build")) return directory / "build";
    if (directory == directory.root_path()) return {};
  }
}

// "a,b": these; "-a": all but a. A leading "snag-" may stand there, as warnings have it.
std::vector<std::string> wanted_rules(std::string_view asked, const std::vector<std::string>& known) {
  std::vector<std::string> chosen, without;
  while (!asked.empty()) {
    std::string_view word = asked.substr(0, asked.find(','));
    asked.remove_prefix(std::min(word.size() + 1, asked.size()));
    const bool off = word.starts_with('-');
    if (off) word.remove_prefix(1);
    if (word.starts_with("snag-")) word.remove_prefix(5);
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      const std::vector<std::string_view> names(known.begin(), known.end());
      throw usage_error(fmt::format("--checks: there is no check '{}'{} (snag vet --list lists them)", word,
                                    suggestion(std::string(word), names)));
    }
    (off ? without : chosen).emplace_back(word);
  }
  if (chosen.empty()) chosen = known;
  std::erase_if(chosen, [&](const std::string& rule) {
    return std::find(without.begin(), without.end(), rule) != without.end();
  });
  if (chosen.empty()) throw usage_error("--checks leaves no check");
  return chosen;
}

void print_list(const std::vector<std::string>& known) {
  for (const std::string& name : known)
    for (const rule& r : rules())
      if (r.name == name) fmt::print("{:<28} {}\n", r.name, r.title);
}

// One line that is written over, on a terminal.
class progress {
 public:
  explicit progress(std::size_t all) : all_(all), shown_(all > 1 && isatty(STDERR_FILENO) != 0) {}
  ~progress() { clear(); }
  void show(std::size_t done, const std::string& file) {
    if (!shown_) return;
    const std::string name = fs::path(file).filename();
    fmt::print(stderr, "\r\033[K[{}/{}] {}", done, all_, name.substr(0, 60));
    std::fflush(stderr);
  }
  void clear() const {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }

 private:
  const std::size_t all_;
  const bool shown_;
};

bool asks_us_to_end(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

std::string why_it_failed(const finished& f) {
  if (f.end.signal != 0) return fmt::format("clang crashed on it (signal {}), or was killed", f.end.signal);
  const auto at = f.error.find("error:");
  if (at == std::string::npos) {
    const std::string line = f.error.substr(0, f.error.find('\n'));
    return line.empty() ? fmt::format("snag-vet ended with status {}", f.end.status) : line;
  }
  const auto begin = f.error.rfind('\n', at) == std::string::npos ? 0 : f.error.rfind('\n', at) + 1;
  return "it does not compile: " + f.error.substr(begin, f.error.find('\n', at) - begin);
}

class vetting {
 public:
  vetting(vet_flags flags, std::optional<arguments> compiler_flags)
      : flags_(std::move(flags)), compiler_flags_(std::move(compiler_flags)) {
    const installation parts = installation::of_this_executable();
    tool_ = parts.vet_tool();
    headers_ = parts.include_directory();
    std::error_code error;
    if (!fs::exists(tool_, error))
      throw internal_error(fmt::format("there is no {}: Snag is not completely built or installed", tool_));
  }

  int run() {
    const std::vector<std::string> known = ask({tool_, "--print-rules"});
    if (flags_.list) {
      print_list(known);
      return exit_success;
    }
    rules_ = wanted_rules(flags_.checks, known);
    find_sources();
    const int stopped_by = read_sources();
    const std::size_t mended = flags_.fix ? apply_edits(report_) : 0;
    tell(mended);
    if (stopped_by != 0) return 128 + stopped_by;
    if (!report_.findings.empty()) return exit_finding;
    if (crashed_) return exit_internal;
    return report_.failed.empty() ? exit_success : exit_compile_error;
  }

 private:
  void find_sources() {
    for (const std::string& file : flags_.files)
      if (std::error_code error; !fs::is_regular_file(file, error))
        throw usage_error(fmt::format("there is no file {}", file));
    sources_ = flags_.files;
    if (compiler_flags_) {
      if (!flags_.database.empty())
        throw usage_error("-p and compiler flags after -- are two ways to say the same: use one");
      if (sources_.empty()) throw usage_error("with compiler flags after --, name the files to read");
      return;
    }
    if (flags_.database.empty()) flags_.database = find_database(sources_);
    if (flags_.database.empty()) {
      if (sources_.empty())
        throw usage_error(
            "there is no compile_commands.json here or in build: name it with -p (CMake writes it with "
            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON, bear -- make for make), or name the files to read");
      return;
    }
    if (std::error_code error; !fs::exists(flags_.database, error))
      throw usage_error(fmt::format("-p: there is no {}", flags_.database));
    if (!sources_.empty()) return;
    sources_ = ask({tool_, "-p", flags_.database, "--print-files"});
    std::sort(sources_.begin(), sources_.end());
    sources_.erase(std::unique(sources_.begin(), sources_.end()), sources_.end());
    if (sources_.empty()) throw usage_error(fmt::format("{} names no files", flags_.database));
  }

  command_line command_for(const std::string& source, const std::string& resources) const {
    command_line command{tool_,
                         "--resource-directory",
                         resources,
                         "--snag-headers",
                         headers_,
                         "--rules",
                         fmt::format("{}", fmt::join(rules_, ","))};
    if (!flags_.database.empty()) {
      command.insert(command.end(), {"-p", flags_.database});
    } else {
      arguments words = compiler_flags_.value_or(arguments{});
      const auto has = [&](const char* prefix) {
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& w) { return w.starts_with(prefix); });
      };
      if (!has("-std=") && !source.ends_with(".c")) words.insert(words.begin(), "-std=c++20");
      for (const std::string& word : words) command.push_back("--flag=" + word);
    }
    if (flags_.system_headers) command.push_back("--system-headers");
    command.push_back(source);
    return command;
  }

  int read_sources() {
    const captured where = capture({find_clang(true), "-print-resource-dir"});
    const std::string resources = where.output.substr(0, where.output.find('\n'));
    std::vector<command_line> commands;
    for (const std::string& source : sources_) commands.push_back(command_for(source, resources));
    const std::size_t jobs =
        flags_.jobs != 0 ? flags_.jobs : std::max(1u, std::thread::hardware_concurrency());
    std::size_t done = 0;
    progress line(sources_.size());
    std::vector<finished> told_to_end;
    const int stopped_by =
        run_in_parallel(commands, jobs, time_limit(flags_.timeout), [&](const finished& f) {
          const std::string& source = sources_[f.index];
          line.show(++done, source);
          if (f.end.status == 0) {
            add_findings(report_, f.output);
            ++report_.sources;
            return;
          }
          if (f.too_long) {
            report_.failed.push_back(
                {source, fmt::format("it took longer than {} to read (--timeout)", flags_.timeout)});
            return;
          }
          if (asks_us_to_end(f.end.signal)) {
            told_to_end.push_back(f);
            return;
          }
          crashed_ = crashed_ || f.end.status > exit_usage;
          report_.failed.push_back({source, why_it_failed(f)});
        });
    if (stopped_by != 0) return stopped_by;  // they were, with us, and count as not read
    for (const finished& f : told_to_end) report_.failed.push_back({sources_[f.index], why_it_failed(f)});
    crashed_ = crashed_ || !told_to_end.empty();
    return 0;
  }

  void tell(std::size_t mended) {
    std::sort(report_.failed.begin(), report_.failed.end(),
              [](const auto& a, const auto& b) { return a.file < b.file; });
    const std::string here = fs::current_path();
    if (flags_.format == "json") {
      std::cout << render_json(report_);
    } else {
      for (const source_finding& f : report_.findings) std::cout << render_text(f, here);
    }
    std::cout << std::flush;
    if (!std::cout) throw internal_error("standard output cannot be written");
    for (const auto& [file, reason] : report_.failed)
      fmt::print(stderr, "snag: {}: not checked: {}\n", file, reason);
    const std::size_t unread = sources_.size() - report_.sources - report_.failed.size();
    if (unread != 0)
      fmt::print(stderr, "snag: interrupted: {} of {} sources were not read\n", unread, sources_.size());
    if (flags_.fix) fmt::print(stderr, "snag: mended {} finding{}\n", mended, mended == 1 ? "" : "s");
    if (flags_.format == "text")
      fmt::print(stderr, "snag: {} finding{} in {} source{}\n", report_.findings.size(),
                 report_.findings.size() == 1 ? "" : "s", report_.sources, report_.sources == 1 ? "" : "s");
  }

  vet_flags flags_;
  const std::optional<arguments> compiler_flags_;  // after --
  std::string tool_, headers_;
  std::vector<std::string> rules_, sources_;
  vet_report report_;
  bool crashed_ = false;
};

}  // namespace

int vet(const arguments& words) {
  vet_flags flags;
  CLI::App app(
      "Looks for mistakes with goroutines, threads, channels and locks in the source, without a run.", "vet");
  set_usage(app, "snag vet [-p DIRECTORY] [--checks LIST] [--fix] [FILE…] [-- COMPILER FLAGS]");
  app.add_option("files", flags.files, "Sources to read; by default all of the compilation database")
      ->type_name("FILE");
  app.add_option("-p", flags.database,
                 "A compile_commands.json, or its directory; by default the one here, in build, or above the "
                 "first file")
      ->type_name("DIRECTORY");
  app.add_option("--checks", flags.checks, "Only these (--checks=a,b), or all but these (--checks=-a,-b)")
      ->type_name("LIST");
  app.add_flag("--fix", flags.fix, "Mend in place what has one certain way to be mended");
  app.add_option("--format", flags.format, "How findings are written, to standard output")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
  app.add_option("--jobs,-j", flags.jobs,
                 "Sources read at a time; by default as many as there are processors")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  app.add_option("--timeout", flags.timeout,
                 "How long a source may take, such as 90s or 2m; then it counts as one that could not be "
                 "checked. 0: for ever. 10m if not said")
      ->type_name("TIME");
  app.add_flag("--system-headers", flags.system_headers, "Also functions that system headers define");
  app.add_flag("--list", flags.list, "List the checks");
  app.footer(
      "Commands of g++ are understood, too. Without a database files are read as C++20; flags go after --.\n"
      "In the source, NOLINT and NOLINTNEXTLINE(snag-RULE) exempt a line. snag explain RULE says what a "
      "check means,\n"
      "and what it does not see.\n"
      "Status: 66 if anything was found, 1 if a file could not be checked, 64 wrong usage.");
  const auto end = std::find(words.begin(), words.end(), "--");
  const arguments own(words.begin(), end);
  std::optional<arguments> compiler_flags;
  if (end != words.end()) compiler_flags.emplace(end + 1, words.end());
  if (!parse(app, own)) return exit_success;
  return vetting(std::move(flags), std::move(compiler_flags)).run();
}

}  // namespace snag::cli
