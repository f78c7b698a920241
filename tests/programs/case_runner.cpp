// SPDX-License-Identifier: Apache-2.0
// Builds files of small cases (testprograms/cases/case.h), runs each case in a process of its own, under
// seeds and on all processors, and compares what was found with the case's verdict:
//
//   case_runner --snag build/default/bin/snag --cache DIR [--part PATH…] [--opt O0,O2] [--seeds N] [--free N]
//               [--only CASE] [--results FILE] testprograms/cases/go/channels.cpp…
//
// A race is as promised if there is at least one report of one, and of each both its stacks have a line
// of the file and, if the case marks lines, the two innermost are marked as different sides. A leak is as
// promised if one finding has its shape and exactly those wait that the case names. One line a case
// and level; with --results also as CSV (file, case, verdict, level, runs, right, why). Exit status 0 if all
// are right, 1 if not, 64 for wrong usage.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/programs/build_cache.h"
#include "tests/programs/expectation.h"
#include "tests/programs/findings.h"
#include "tests/programs/process.h"

namespace {

using namespace programs;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto run_deadline = 60s;
constexpr int status_findings = 66;

struct small_case {
  std::string verdict;  // "race", "leak", "no race", "no leak"
  std::string name, why;
  unsigned first_line = 0, last_line = 0;  // of the function, in the file
};

struct settings {
  int seeds = 3, free_runs = 3;
  std::string only;
  std::vector<std::string> flags;
};

struct outcome {
  int runs = 0, right = 0;
  std::string problem, command;
};

expectation program_of(const fs::path& file, const settings& s) {
  expectation e;
  e.file = fs::absolute(file);
  e.link_flags = s.flags;
  std::ifstream in(file, std::ios::binary);
  e.source.assign(std::istreambuf_iterator<char>(in), {});
  const std::string text(e.source.begin(), e.source.end());
  std::istringstream lines(text);
  static const std::regex mark(R"(// <-((?: [12])+)\s*$)");
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::smatch found;
    if (!std::regex_search(line, found, mark)) continue;
    const std::string sides = found[1];
    if (sides.find('1') != std::string::npos) e.marks[number] |= side_one;
    if (sides.find('2') != std::string::npos) e.marks[number] |= side_two;
  }
  return e;
}

// A case's lines go from its macro to the closing brace in the first column.
void find_lines(small_case& c, const expectation& e) {
  std::istringstream lines(std::string(e.source.begin(), e.source.end()));
  const std::regex start("^(NO_)?(RACE|LEAK)\\(" + c.name + "\\b");
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (c.first_line == 0 && std::regex_search(line, start)) c.first_line = number;
    if (c.first_line != 0 && line.starts_with("}")) {
      c.last_line = number;
      return;
    }
  }
}

std::vector<small_case> cases_of(const fs::path& program, const expectation& e) {
  const process_result list = run_process({program, "--list"}, {}, run_deadline);
  std::vector<small_case> all;
  std::istringstream lines(list.out);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    small_case c{line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)};
    find_lines(c, e);
    all.push_back(std::move(c));
  }
  std::ranges::reverse(all);  // listed last to first
  return all;
}

std::string head(const std::string& text) {
  return text.size() <= 3000 ? text : text.substr(0, 3000) + "\n…";
}

std::string mistake_in_report(const finding& f, const small_case& c, const expectation& e) {
  if (f.kind != "race" && !is_unordered_use(f)) return "a finding of kind " + f.kind;
  if (f.accesses.size() != 2) return fmt::format("{} accesses instead of 2", f.accesses.size());
  const bool marked = std::ranges::any_of(
      e.marks, [&](const auto& mark) { return mark.first >= c.first_line && mark.first <= c.last_line; });
  unsigned sides[2] = {0, 0};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& stack = f.accesses[i].stack;
    const auto user = std::ranges::find_if(stack, [&](const frame& at) {
      return !at.runtime && fs::path(at.file).filename() == e.file.filename();
    });
    if (user == stack.end()) return "an access without a line of the program";
    const auto mark = e.marks.find(user->line);
    if (marked && mark == e.marks.end()) return fmt::format("an access at an unmarked line, {}", user->line);
    if (marked) sides[i] = mark->second;
  }
  if (!marked) return "";
  const bool straight = (sides[0] & side_one) && (sides[1] & side_two);
  const bool crossed = (sides[0] & side_two) && (sides[1] & side_one);
  return straight || crossed ? "" : "both accesses are on the same side";
}

// `promised`: "orphan: receiver holder".
std::string mistake_in_leaks(const std::vector<finding>& findings, const std::string& promised) {
  const auto colon = promised.find(": ");
  const std::string shape = promised.substr(0, colon);
  std::istringstream names(promised.substr(std::min(colon + 2, promised.size())));
  std::multiset<std::string> expected{std::istream_iterator<std::string>(names), {}}, waiting;
  bool shaped = false;
  for (const finding& f : findings) {
    if (f.kind != "leak" && f.kind != "deadlock") return "a finding of kind " + f.kind;
    if (f.certainty != "proved") return "the leak is " + f.certainty;
    shaped = shaped || f.shape == shape;
    for (const std::uint64_t who : f.waiting) {
      const auto known = std::ranges::find(f.actors, who, &actor::id);
      const bool described = known != f.actors.end();
      waiting.insert(described && !known->name.empty()      ? known->name
                     : described && known->kind == "thread" ? "thread"
                                                            : fmt::format("goroutine {}", who));
    }
  }
  if (!shaped) return "no finding has the shape " + shape;
  if (waiting != expected) return fmt::format("waiting for ever: {}", fmt::join(waiting, " "));
  return "";
}

std::string mistake_in_run(const small_case& c, const expectation& e, const process_result& p,
                           const std::string& report) {
  if (p.timed_out) return "timed out; stderr:\n" + head(p.err);
  std::vector<finding> findings;
  try {
    if (!report.empty()) findings = parse_findings(report);
  } catch (const std::exception& problem) {
    return problem.what();
  }
  if (c.verdict.starts_with("no ")) {
    if (!findings.empty()) return fmt::format("{} findings reported", findings.size());
    if (p.status != 0) return fmt::format("status {} instead of 0; stderr:\n{}", p.status, head(p.err));
    return "";
  }
  if (findings.empty())
    return fmt::format("no {} reported (status {}); stderr:\n{}", c.verdict, p.status, head(p.err));
  if (c.verdict == "leak") {
    if (std::string problem = mistake_in_leaks(findings, c.why); !problem.empty()) return problem;
    return p.status == status_findings ? "" : fmt::format("status {} instead of 66", p.status);
  }
  bool raced = false;
  for (const finding& f : findings) {
    if (f.kind == "misuse" && !is_unordered_use(f)) continue;  // a lock that ends while it is held is both
    raced = true;
    if (std::string problem = mistake_in_report(f, c, e); !problem.empty()) return problem;
  }
  if (!raced) return "no race reported, only misuse";
  if (p.status != status_findings)
    return fmt::format("status {} instead of 66; stderr:\n{}", p.status, head(p.err));
  return "";
}

outcome run_case(const small_case& c, const expectation& e, const fs::path& program, const settings& s,
                 const fs::path& log) {
  outcome o;
  for (int run = 1; run <= s.seeds + s.free_runs; ++run) {
    const std::string options = run <= s.seeds ? fmt::format("seed={} ", run) : "watch=1 ";
    std::error_code ignored;
    fs::remove(log, ignored);
    const process_result p = run_process(
        {program, c.name}, {{"SNAG_OPTIONS", options + "report_format=json log_path=" + log.string()}},
        run_deadline);
    std::ifstream in(log, std::ios::binary);
    const std::string report{std::istreambuf_iterator<char>(in), {}};
    const std::string problem = mistake_in_run(c, e, p, report);
    ++o.runs;
    if (problem.empty()) {
      ++o.right;
    } else if (o.problem.empty()) {
      o.problem = options + ": " + problem;
      o.command = shell_line({program, c.name}, {{"SNAG_OPTIONS", options}});
    }
    fs::remove(log, ignored);
  }
  return o;
}

std::string quoted(std::string text) {
  for (auto at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2)) text.insert(at, "\"");
  return '"' + text + '"';
}

}  // namespace

int main(int argc, char** argv) {
  std::string snag, cache_folder, levels = "O0,O2", results_file;
  std::vector<std::string> parts, files;
  settings s;
  CLI::App app("Runs files of small cases and checks their verdicts");
  app.add_option("--snag", snag, "The command line to build with")->required()->check(CLI::ExistingFile);
  app.add_option("--cache", cache_folder, "Folder for built programs and reports")->required();
  app.add_option("--part", parts, "File or folder of the toolchain: its change rebuilds")
      ->check(CLI::ExistingPath)
      ->expected(1)
      ->take_all();
  app.add_option("--opt", levels, "Optimisation levels")->capture_default_str();
  app.add_option("--seeds", s.seeds, "Seeds 1 … N")->capture_default_str()->check(CLI::NonNegativeNumber);
  app.add_option("--free", s.free_runs, "Runs without a seed")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--only", s.only, "This case alone");
  app.add_option("--flag", s.flags, "More for the compiler")->expected(1)->take_all();
  app.add_option("--results", results_file, "Also write them as CSV");
  app.add_option("files", files, "Files of cases")->required()->check(CLI::ExistingFile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }

  try {
    const build_cache cache(fs::absolute(snag), cache_folder, {parts.begin(), parts.end()});
    const fs::path log = fs::path(cache_folder) / fmt::format("case.{}.json", getpid());
    std::string results = "file,case,verdict,level,runs,right,why\n";
    bool all_right = true, any = false;
    for (const std::string& file : files) {
      const expectation e = program_of(file, s);
      for (const std::string& level : CLI::detail::split(levels, ',')) {
        const auto built = cache.get(e, "-" + level);
        if (built.program.empty()) {
          fmt::print("FAIL {} does not build:\n{}\n{}\n", file, head(built.error),
                     shell_line(cache.command(e, "-" + level, "a.out")));
          all_right = false;
          continue;
        }
        for (const small_case& c : cases_of(built.program, e)) {
          if (!s.only.empty() && c.name != s.only) continue;
          any = true;
          const outcome o = run_case(c, e, built.program, s, log);
          const bool right = o.runs == o.right;
          all_right = all_right && right;
          fmt::print("{} {:<56} {} {:<8} {}/{}\n", right ? "ok  " : "FAIL", c.name, level, c.verdict, o.right,
                     o.runs);
          if (!right) fmt::print("     {}\n     {}\n", o.problem, o.command);
          std::fflush(stdout);
          results += fmt::format("{},{},{},{},{},{},{}\n", fs::path(file).filename().string(), c.name,
                                 c.verdict, level, o.runs, o.right, quoted(c.why));
        }
      }
    }
    if (!any && all_right) throw std::runtime_error("there is no such case");
    if (!results_file.empty() && !(std::ofstream(results_file) << results))
      throw std::runtime_error("cannot write " + results_file);
    return all_right ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "case_runner: {}\n", error.what());
    return 64;
  }
}
