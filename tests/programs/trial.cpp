// SPDX-License-Identifier: Apache-2.0
#include "tests/programs/trial.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>

#include "tests/programs/findings.h"
#include "tests/programs/process.h"

namespace programs {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto run_deadline = 60s;
constexpr int status_findings = 66, status_fatal = 2;
constexpr const char* asleep = "fatal error: all goroutines are asleep - deadlock!";

class stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string head(const std::string& text, std::size_t n = 3000) {
  return text.size() <= n ? text : text.substr(0, n) + "\n…";
}

struct run {
  process_result process;
  std::vector<finding> findings;
  std::string problem;  // with the report itself
};

class subject {
 public:
  subject(const expectation& e, fs::path program, std::string build_line)
      : e_(e), program_(std::move(program)), build_line_(std::move(build_line)) {}

  std::vector<std::string> words() const {
    std::vector<std::string> all = {program_};
    all.insert(all.end(), e_.arguments.begin(), e_.arguments.end());
    return all;
  }
  std::string repeat_with(const std::string& options) const {
    return "# built by: " + build_line_ + "\n" + shell_line(words(), {{"SNAG_OPTIONS", options}});
  }

  run with_json(const std::string& options, const fs::path& log) const {
    std::error_code ignored;
    fs::remove(log, ignored);
    run r;
    r.process = run_process(
        words(), {{"SNAG_OPTIONS", options + " report_format=json log_path=" + log.string()}}, run_deadline);
    if (!fs::exists(log)) return r;
    std::ifstream in(log, std::ios::binary);
    try {
      r.findings = parse_findings({std::istreambuf_iterator<char>(in), {}});
    } catch (const std::exception& problem) {
      r.problem = problem.what();
    }
    fs::remove(log, ignored);
    return r;
  }
  process_result with_text(const std::string& options) const {
    return run_process(words(), {{"SNAG_OPTIONS", options}}, run_deadline);
  }

 private:
  const expectation& e_;
  const fs::path program_;
  const std::string build_line_;
};

// What a run of a program that behaves must look like; the message of the first difference, or nothing.
std::optional<std::string> unlike_silence(const process_result& p) {
  if (p.status != 0) return fmt::format("status {} instead of 0; stderr:\n{}", p.status, head(p.err));
  if (p.err.find("WARNING") != std::string::npos) return "a warning was printed:\n" + head(p.err);
  return std::nullopt;
}

std::optional<std::string> unlike_fatal(const process_result& p, const expectation& e) {
  if (p.status != status_fatal)
    return fmt::format("status {} instead of 2; stderr:\n{}", p.status, head(p.err));
  const bool said = e.expected.kind == verdict_kind::deadlock
                        ? p.err.find(asleep) != std::string::npos
                        : std::regex_search(p.err, std::regex(e.expected.message));
  if (!said) return "the message is missing; stderr:\n" + head(p.err);
  if (p.err.find("\ngoroutine ") == std::string::npos)
    return "no goroutine is shown; stderr:\n" + head(p.err);
  return std::nullopt;
}

std::optional<std::string> unlike_race(const run& r, const expectation& e) {
  if (r.findings.empty()) return std::string("no race reported");
  const char* const kind = e.expected.kind == verdict_kind::race ? "race" : "misuse";
  bool any = false;
  for (const finding& f : r.findings) {
    if (f.kind != kind && std::ranges::find(e.also, f.kind) != e.also.end()) continue;
    if (std::string problem = mistake_in_race(f, e); !problem.empty()) return problem;
    any = true;
  }
  if (!any) return fmt::format("no {} reported", kind);
  if (r.process.status != status_findings) return fmt::format("status {} instead of 66", r.process.status);
  return std::nullopt;
}

std::optional<std::string> unlike_expected(const run& r, const expectation& e) {
  if (r.process.timed_out) return "timed out; stderr:\n" + head(r.process.err);
  if (!r.problem.empty()) return r.problem;
  if (is_reported(e.expected.kind)) return unlike_race(r, e);
  if (!e.predicted.empty()) {
    if (r.findings.size() != 1)
      return fmt::format("{} findings instead of the predicted one", r.findings.size());
    if (std::string problem = mistake_in_prediction(r.findings[0], e); !problem.empty()) return problem;
  }
  const bool with_misuse = e.expected.kind == verdict_kind::panic && !e.hints.empty();
  if (with_misuse) {
    if (r.findings.size() != 1) return fmt::format("{} findings instead of the misuse", r.findings.size());
    if (std::string problem = mistake_in_race(r.findings[0], e); !problem.empty()) return problem;
  }
  const bool standstill = is_standstill(e.expected.kind);
  const auto is_standstill_finding = [](const finding& f) {
    return f.kind == "deadlock" || f.kind == "leak";
  };
  for (const finding& f : r.findings)
    if (e.predicted.empty() && !with_misuse && std::ranges::find(e.also, f.kind) == e.also.end() &&
        !(standstill && is_standstill_finding(f)))
      return fmt::format("{} findings reported, a {}", r.findings.size(), f.kind);
  for (const std::string& output : e.output)
    if (!std::regex_search(r.process.out, std::regex(output)))
      return fmt::format("the output does not match {}:\n{}", output, head(r.process.out));
  if (standstill && std::ranges::none_of(r.findings, is_standstill_finding))
    return std::string("nobody was said to wait for ever");
  if (!e.shape.empty() &&
      std::ranges::none_of(r.findings, [&](const finding& f) { return f.shape == e.shape; }))
    return "no finding has the shape " + e.shape;
  if (e.expected.kind == verdict_kind::deadlock || e.expected.kind == verdict_kind::panic)
    return unlike_fatal(r.process, e);
  if (e.expected.kind == verdict_kind::leak) {
    if (r.process.status != status_findings)
      return fmt::format("status {} instead of 66; stderr:\n{}", r.process.status, head(r.process.err));
    return std::nullopt;
  }
  return unlike_silence(r.process);
}

// The text report, read as a person would: the warning, both lines, a name.
std::optional<std::string> unlike_race_text(const process_result& p, const expectation& e) {
  if (p.timed_out) return "timed out; stderr:\n" + head(p.err);
  if (p.status != status_findings)
    return fmt::format("status {} instead of 66; stderr:\n{}", p.status, head(p.err));
  const bool race = e.expected.kind == verdict_kind::race;
  unsigned wanted = 0;
  for (const auto& [line, sides] : e.marks) wanted |= sides;
  for (const char* part : {race ? "WARNING: DATA RACE" : "WARNING: ", " by ",
                           wanted == (side_one | side_two) ? "Previous " : "", race ? " created at:" : ""})
    if (p.err.find(part) == std::string::npos)
      return fmt::format("\"{}\" is missing:\n{}", part, head(p.err));
  unsigned seen = 0;
  for (const auto& [line, sides] : e.marks)
    if (p.err.find(fmt::format("{}:{}", e.file.filename().string(), line)) != std::string::npos)
      seen |= sides;
  if (seen != wanted) return "a side's line is missing:\n" + head(p.err);
  for (const std::string& name : e.race_names)
    if (p.err.find(name) != std::string::npos) return std::nullopt;
  return "the variable's name is missing:\n" + head(p.err);
}

// Deadlocks are looked for as often as can be: nobody who lives may seem dead, whenever that is.
const std::string free_options = "watch=1";

void run_free(const expectation& e, const subject& s, const fs::path& log, trial& t) {
  std::optional<std::string> problem;
  if (is_reported(e.expected.kind)) {
    const process_result p = s.with_text(free_options);
    if (e.expected.exact)
      problem = unlike_race_text(p, e);
    else if (p.timed_out || (p.status != 0 && p.status != status_findings))
      problem = "it broke:\n" + head(p.err);
  } else {
    expectation silent = e;
    silent.output.clear();  // depends on real time
    const run r = s.with_json(free_options, log);
    problem = unlike_expected(r, silent);
    if (!e.expected.exact && r.findings.empty()) {
      silent.expected.kind = verdict_kind::clean;
      problem = unlike_expected(r, silent);
    }
  }
  if (!e.predicted.empty() && !problem)
    if (const process_result p = s.with_text(free_options + " fail_on=predicted");
        p.status != status_findings)
      problem = fmt::format("with fail_on=predicted status {} instead of 66", p.status);
  t.ran_free = true;
  if (problem) t.failures.push_back({"free", *problem, s.repeat_with(free_options)});
}

std::optional<subject> build(const expectation& e, const build_cache& cache, const std::string& optimisation,
                             trial& t) {
  const stopwatch watch;
  const auto built = cache.get(e, optimisation);
  t.build_seconds = watch.seconds();
  const std::string line = shell_line(cache.command(e, optimisation, "a.out"));
  if (built.program.empty()) {
    t.failures.push_back({"build", head(built.error), line});
    return std::nullopt;
  }
  return std::optional<subject>(std::in_place, e, built.program, line);
}

// What is raced on, as the reports name it.
std::set<std::string> racy_variables(const run& r) {
  std::set<std::string> names;
  for (const finding& f : r.findings) {
    if (f.kind != "race" && f.kind != "misuse") continue;
    if (!f.memory_name.empty()) names.insert(f.kind + " " + f.memory_name);
    for (const access& a : f.accesses)
      if (f.memory_name.empty())
        names.insert(f.kind + " " + (a.variable.empty() ? a.expression : a.variable));
  }
  return names;
}

}  // namespace

trial run_trial(const expectation& e, const build_cache& cache, const std::string& optimisation, int seeds,
                const fs::path& folder) {
  trial t;
  const auto s = build(e, cache, optimisation, t);
  if (!s) return t;
  const stopwatch watch;
  const fs::path log = folder / fmt::format("findings.{}.json", getpid());
  // `n+/20` programs: a run is as expected if it is clean, too; the count decides.
  expectation clean = e;
  clean.expected.kind = verdict_kind::clean;
  for (int seed = 1; seed <= seeds; ++seed) {
    const std::string options = fmt::format("seed={}", seed);
    const run r = s->with_json(options, log);
    const auto problem = unlike_expected(r, e);
    ++t.seeds;
    if (!problem) ++t.as_expected;
    const bool may_be_clean = !e.expected.exact && r.findings.empty();
    if (problem && !(may_be_clean && !unlike_expected(r, clean)))
      t.failures.push_back({options, *problem, s->repeat_with(options)});
  }
  const int needed = e.expected.at_least * seeds / e.expected.of;
  if (t.failures.empty() && t.as_expected < needed)
    t.failures.push_back({"all seeds",
                          fmt::format("{} of {} as expected, {} promised", t.as_expected, seeds, needed),
                          s->repeat_with("seed=1")});
  if (e.runs_free) run_free(e, *s, log, t);
  t.run_seconds = watch.seconds();
  return t;
}

trial run_repeatedly(const expectation& e, const build_cache& cache, const std::string& optimisation,
                     int seed, int times) {
  trial t;
  const auto s = build(e, cache, optimisation, t);
  if (!s) return t;
  const stopwatch watch;
  const std::string options = fmt::format("seed={}", seed);
  const process_result first = s->with_text(options);
  const auto fail = [&](std::string problem) {
    t.failures.push_back({options, std::move(problem), s->repeat_with(options)});
  };
  if (first.out.empty() || is_reported(e.expected.kind) != (first.status == status_findings))
    fail(fmt::format("nothing to compare: status {}, output:\n{}{}", first.status, head(first.out),
                     head(first.err)));
  t.seeds = t.as_expected = 1;
  for (; t.seeds < times && t.failures.empty(); ++t.seeds) {
    const process_result next = s->with_text(options);
    if (next.status == first.status && next.out == first.out && next.err == first.err) {
      ++t.as_expected;
    } else {
      fail(fmt::format("run {} differs: status {} then {}; first:\n{}{}\nthis one:\n{}{}", t.seeds + 1,
                       first.status, next.status, head(first.out), head(first.err), head(next.out),
                       head(next.err)));
    }
  }
  t.run_seconds = watch.seconds();
  return t;
}

trial run_both(const expectation& e, const build_cache& cache, const expectation& with_other_flags,
               const build_cache& other, const std::string& optimisation, int seeds, const fs::path& folder) {
  trial t;
  const auto usual = build(e, cache, optimisation, t);
  const auto different = build(with_other_flags, other, optimisation, t);
  if (!usual || !different) return t;
  const stopwatch watch;
  const fs::path log = folder / fmt::format("findings.{}.json", getpid());
  for (int seed = 1; seed <= seeds; ++seed) {
    const std::string options = fmt::format("seed={}", seed);
    const run one = usual->with_json(options, log), two = different->with_json(options, log);
    const std::set<std::string> ours = racy_variables(one), theirs = racy_variables(two);
    ++t.seeds;
    std::string problem = one.problem + two.problem;
    if (one.process.timed_out != two.process.timed_out || one.process.status != two.process.status)
      problem +=
          fmt::format("status {}, and {} with the other flags\n", one.process.status, two.process.status);
    if (ours != theirs)
      problem +=
          fmt::format("racy: {}\nwith the other flags: {}", fmt::join(ours, ", "), fmt::join(theirs, ", "));
    if (problem.empty())
      ++t.as_expected;
    else
      t.failures.push_back(
          {options, problem, usual->repeat_with(options) + "\n" + different->repeat_with(options)});
  }
  t.run_seconds = watch.seconds();
  return t;
}

}  // namespace programs
