// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "cli/failure.h"
#include "cli/test_run/active_process.h"
#include "cli/test_run/verdicts.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t longest_filter = 64 << 10;  // the kernel takes words of up to 128 KiB

std::vector<std::string> names_of(const process_plan& plan, const std::vector<test_case>& cases) {
  std::vector<std::string> names;
  for (const std::size_t number : plan.cases) names.push_back(cases[number].name);
  return names;
}

// Which cases to run: as a word, or, if they are many, in a file of flags.
std::string filter_word(const std::vector<std::string>& names, const fs::path& directory) {
  std::string filter = fmt::format("--gtest_filter={}", fmt::join(names, ":"));
  if (filter.size() < longest_filter) return filter;
  const fs::path file = directory / "flags";
  std::ofstream out(file);
  out << filter << '\n';
  out.close();
  if (!out)
    throw internal_error(fmt::format("cannot write to {} (is the disk full? set TMPDIR)", file.string()));
  return fmt::format("--gtest_flagfile={}", file.string());
}

std::string excerpt_of(const captured_output& output) {
  constexpr std::size_t most = 4 << 10;
  std::string text = output.text(most);
  if (text.size() > 2 * most) text.erase(0, text.size() - 2 * most);
  return text;
}

}  // namespace

test_runner::test_runner(signal_guard& guard, run_settings settings,
                         const std::vector<test_program>& programs, std::vector<test_case>& cases,
                         run_observer& observer, const finding_collector& collect)
    : guard_(guard),
      settings_(std::move(settings)),
      programs_(programs),
      cases_(cases),
      observer_(observer),
      collect_(collect),
      unfinished_(programs.size()),
      signals_(guard.signal_descriptor()) {
  // Processes whose parents are gone come to us, and go with us.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

test_runner::~test_runner() {
  active_.clear();
  end_orphans();
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  close(signals_);
}

int test_runner::run(std::deque<process_plan> plans) {
  waiting_ = std::move(plans);
  for (const process_plan& p : waiting_) ++unfinished_[p.program];
  while (true) {
    while (interrupted_by_ == 0 && active_.size() < settings_.jobs && start_one()) continue;
    if (active_.empty()) {
      if (waiting_.empty() || interrupted_by_ != 0) break;
      // Nothing runs and nothing may start: they wait for each other.
      for (const process_plan& p : waiting_)
        give_up(p, verdict::unstarted, "it waits for a test that waits for it");
      break;
    }
    wait_for_something();
  }
  return interrupted_by_;
}

bool test_runner::may_start(const test_program& p) const {
  const auto ended = [&](std::size_t number) { return unfinished_[number] == 0; };
  if (!std::all_of(p.ctest.after.begin(), p.ctest.after.end(), ended)) return false;
  return std::none_of(active_.begin(), active_.end(), [&](const active& other) {
    const ctest_properties& theirs = programs_[other.plan.program].ctest;
    return p.ctest.serial || theirs.serial ||
           std::any_of(p.ctest.locks.begin(), p.ctest.locks.end(), [&](const std::string& lock) {
             return std::find(theirs.locks.begin(), theirs.locks.end(), lock) != theirs.locks.end();
           });
  });
}

// Whether there was one that may.
bool test_runner::start_one() {
  const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](const process_plan& p) { return may_start(programs_[p.program]); });
  if (next == waiting_.end()) return false;
  const process_plan plan = std::move(*next);
  waiting_.erase(next);
  for (const std::size_t needed : programs_[plan.program].ctest.needs)
    if (failed_.contains(needed)) {
      give_up(plan, verdict::unstarted,
              fmt::format("{}, which it needs, did not pass", programs_[needed].label));
      return true;
    }
  start(plan);
  return true;
}

void test_runner::start(const process_plan& plan) {
  const test_program& program = programs_[plan.program];
  const fs::path directory = settings_.scratch / std::to_string(++started_);
  try {
    if (!program.problem.empty()) throw internal_error(program.problem);
    fs::create_directory(directory);
    child_setup setup{program.directory, program.variables, settings_.unset};
    runtime_options options = settings_.options;
    options["report_format"] = "json";
    options["log_path"] = directory / "%p.json";
    if (plan.seed) options["seed"] = std::to_string(*plan.seed);
    std::string& all = setup.variables["SNAG_OPTIONS"];
    if (const char* ours = std::getenv("SNAG_OPTIONS"); all.empty() && ours != nullptr) all = ours;
    all = merge_options(all, options);
    command_line command = program.command;
    if (program.googletest) {
      // What would make it say less than is needed to follow it.
      for (const auto& [name, value] : {std::pair("GTEST_BRIEF", "0"),
                                        {"GTEST_COLOR", "no"},
                                        {"GTEST_PRINT_TIME", "1"},
                                        {"GTEST_REPEAT", "1"}})
        setup.variables[name] = value;
      command.push_back(filter_word(names_of(plan, cases_), directory));
    }
    std::optional<std::chrono::milliseconds> timeout = program.timeout ? program.timeout : settings_.timeout;
    if (timeout && timeout->count() == 0) timeout.reset();
    active_.emplace_back(plan, directory, names_of(plan, cases_), program.googletest, guard_, command, setup,
                         timeout);
  } catch (const std::exception& error) {
    std::error_code ignored;
    fs::remove_all(directory, ignored);
    return give_up(plan, verdict::unstarted, error.what());
  }
  if (!program.googletest && active_.back().plan.cases.size() == 1)
    observer_.started(cases_[plan.cases[0]], plan);
}

void test_runner::wait_for_something() {
  std::vector<pollfd> polled{{signals_, POLLIN, 0}};
  auto deadline = steady::now() + 200ms;  // for the screen
  for (active& a : active_) {
    polled.push_back({a.process.descriptor(), POLLIN, 0});
    deadline = std::min(deadline, a.process.deadline());
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now());
  if (poll(polled.data(), polled.size(), static_cast<int>(std::max(left, 0ms).count())) < 0 && errno != EINTR)
    throw internal_error("poll failed");
  std::size_t i = 1;
  for (active& a : active_) {
    if (polled[i++].revents != 0) on_output(a);
    a.process.look_at_clock();
  }
  if (polled[0].revents != 0) on_signals();
  for (auto a = active_.begin(); a != active_.end();) {
    if (!a->process.done()) {
      ++a;
      continue;
    }
    on_end(*a);
    a = active_.erase(a);
  }
  observer_.tick();
}

void test_runner::on_signals() {
  signalfd_siginfo told;
  while (read(signals_, &told, sizeof told) == sizeof told) {
    const int signal = static_cast<int>(told.ssi_signo);
    if (signal == SIGCHLD || signal == SIGUSR1 || signal == SIGUSR2) continue;
    if (interrupted_by_ == 0) {
      interrupted_by_ = signal;
      observer_.say(fmt::format("interrupted by {}; asking {} running {} to end (again: at once)",
                                name_of_signal(signal), active_.size(),
                                active_.size() == 1 ? "program" : "programs"));
    }
    for (active& a : active_) a.process.ask_to_end(signal);
  }
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    for (active& a : active_)
      if (a.process.pid() == pid) a.process.leader_ended(status);
}

void test_runner::on_output(active& a) {
  const std::string_view bytes = a.process.read_some();
  if (!a.parser) return a.process.keep(bytes);
  std::size_t kept = 0;
  for (const googletest_event& e : a.parser->feed(bytes)) {
    a.process.keep(bytes.substr(kept, e.end - kept));
    kept = e.end;
    on_event(a, e);
  }
  a.process.keep(bytes.substr(kept));
}

void test_runner::on_event(active& a, const googletest_event& e) {
  case_state& state = a.states[e.number];
  if (e.what == googletest_event::started) {
    a.process.restart_clock();
    a.process.output().clear();
    a.current = e.number;
    a.ran_any = true;
    state.began = steady::now();
    return observer_.started(cases_[a.plan.cases[e.number]], a.plan);
  }
  if (state.verdict) return;  // the list of failed tests at the end, in a GoogleTest that prints times there
  state.verdict = e.what == googletest_event::passed                                  ? verdict::passed
                  : e.what == googletest_event::skipped                               ? verdict::skipped
                  : a.process.output().contains(" detected during execution of test") ? verdict::findings
                                                                                      : verdict::failed;
  if (a.current == e.number) state.spent = a.since(state.began);
  a.current.reset();
  a.process.restart_clock();
  observer_.ended(cases_[a.plan.cases[e.number]], a.plan, *state.verdict, state.spent, "",
                  &a.process.output());
  if (is_bad(*state.verdict)) state.excerpt = excerpt_of(a.process.output());
  a.process.output().clear();
}

void test_runner::on_end(active& a) {
  // What it wrote last. Somebody who has left its group may go on writing, so not for ever.
  for (int round = 0; round < 64 && a.process.descriptor() >= 0; ++round) {
    pollfd output{a.process.descriptor(), POLLIN, 0};
    if (poll(&output, 1, 0) <= 0) break;
    on_output(a);
  }
  const test_program& program = programs_[a.plan.program];
  const bool alone = a.plan.cases.size() == 1;
  const found_in_process all = collect_(a.directory, alone ? cases_[a.plan.cases[0]].name : "",
                                        program.detects ? a.process.output().text() : "");
  for (const std::string& problem : all.problems)
    observer_.say(fmt::format("{}: {}", program.label, problem));
  a.report_is_lost = program.detects && (!all.any_document || !all.problems.empty());
  if (a.process.left_processes())
    observer_.say(fmt::format("{} left processes behind; they were killed", program.label));
  --unfinished_[a.plan.program];
  if (program.googletest)
    end_googletest(a, all.findings);
  else
    end_plain(a, all.findings);
  std::error_code ignored;
  fs::remove_all(a.directory, ignored);
}

void test_runner::attribute(active& a, const std::vector<found>& findings) {
  const auto number_of = [&](const std::string& name) -> std::optional<std::size_t> {
    if (a.plan.cases.size() == 1) return 0;
    for (std::size_t i = 0; i < a.plan.cases.size(); ++i)
      if (cases_[a.plan.cases[i]].name == name) return i;
    return std::nullopt;
  };
  for (const found& f : findings) {
    bool somebodys = false;
    const auto give = [&](std::optional<std::size_t> number) {
      if (!number) return;
      somebodys = true;
      a.states[*number].findings.insert(f.fingerprint);
      a.states[*number].gates = a.states[*number].gates || f.gates;
    };
    if (a.plan.cases.size() == 1) give(0);
    for (const std::string& test : f.tests) give(number_of(test));
    if (somebodys) continue;
    a.outside.findings.insert(f.fingerprint);
    a.outside.gates = a.outside.gates || f.gates;
  }
}

void test_runner::end_plain(active& a, const std::vector<found>& findings) {
  attribute(a, findings);
  case_state& state = a.states[0];
  state.spent = a.since(a.began);
  std::string detail;
  state.verdict =
      verdict_of_process(a.process, programs_[a.plan.program].ctest, state.gates, a.report_is_lost, detail);
  record(a, 0, *state.verdict, detail, false);
}

void test_runner::end_googletest(active& a, const std::vector<found>& findings) {
  attribute(a, findings);
  process_plan rest = a.plan;
  rest.cases.clear();
  bool blamed = false;  // somebody has answered for how the process ended
  for (std::size_t i = 0; i < a.states.size(); ++i) {
    case_state& state = a.states[i];
    if (state.verdict) {
      const verdict told = *state.verdict;
      if (state.gates) state.verdict = verdict::findings;
      blamed = blamed || is_bad(*state.verdict);
      record(a, i, *state.verdict, "", told == *state.verdict);
    } else if (a.current == i) {
      state.spent = a.since(state.began);
      std::string detail;
      const verdict ended = verdict_of_unfinished(a.process, state.gates, detail);
      blamed = true;
      record(a, i, ended, detail, false);
    } else if (a.ran_any && !a.process.was_asked_to_end()) {
      rest.cases.push_back(a.plan.cases[i]);
    } else if (!a.process.was_asked_to_end()) {
      std::string detail;
      const verdict ended = verdict_of_unfinished(a.process, state.gates, detail);
      record(a, i, ended, "before its first test: " + detail, blamed);
      blamed = true;
    }
  }
  if (!rest.cases.empty()) {
    ++unfinished_[rest.program];
    waiting_.push_front(std::move(rest));
  }
  std::string detail;
  const verdict whole = verdict_of_process(a.process, {}, a.outside.gates, a.report_is_lost, detail);
  const bool own_findings = !a.outside.findings.empty();
  if ((is_bad(whole) && !blamed && !a.process.was_asked_to_end()) || a.outside.gates || own_findings) {
    const std::size_t number = outside_of_tests(a.plan.program);
    a.plan.cases.push_back(number);
    a.states.push_back(a.outside);
    const verdict ended = a.outside.gates            ? verdict::findings
                          : blamed || !is_bad(whole) ? verdict::passed
                                                     : whole;
    record(a, a.states.size() - 1, ended, detail, ended == verdict::passed);
  }
}

void test_runner::record(active& a, std::size_t number, verdict v, const std::string& detail, bool told) {
  test_case& c = cases_[a.plan.cases[number]];
  const case_state& state = a.states[number];
  const bool output_told = state.verdict.has_value() && programs_[a.plan.program].googletest;
  c.spent += std::chrono::duration_cast<std::chrono::milliseconds>(state.spent);
  c.findings.insert(state.findings.begin(), state.findings.end());
  ++c.runs;
  if (is_bad(v)) {
    ++c.bad_runs;
    failed_.insert(a.plan.program);
  }
  if (c.runs == 1 || worse(c.worst, v) != c.worst) {
    c.worst = v;
    c.seed = a.plan.seed;
    c.status.reset();
    if (!output_told || a.plan.cases.size() == 1) c.status = a.process.end().status;
    c.detail = detail;
    if (is_bad(v)) c.excerpt = output_told ? state.excerpt : excerpt_of(a.process.output());
  }
  if (told) return;
  observer_.ended(c, a.plan, v, std::chrono::duration_cast<std::chrono::milliseconds>(state.spent), detail,
                  output_told ? nullptr : &a.process.output());
}

void test_runner::give_up(const process_plan& plan, verdict v, const std::string& detail) {
  --unfinished_[plan.program];
  failed_.insert(plan.program);
  bool first = true;
  for (const std::size_t number : plan.cases) {
    test_case& c = cases_[number];
    ++c.runs, ++c.bad_runs;
    if (c.runs == 1 || worse(c.worst, v) != c.worst) {
      c.worst = v;
      c.seed = plan.seed;
      c.detail = detail;
    }
    if (first) observer_.ended(c, plan, v, 0ms, detail, nullptr);
    first = false;
  }
}

std::size_t test_runner::outside_of_tests(std::size_t program) {
  const auto [at, is_new] = outside_.emplace(program, cases_.size());
  if (is_new) {
    cases_.push_back({.program = program, .name = programs_[program].label + " (outside of its tests)"});
  }
  return at->second;
}

// Those that left their test's process group: whatever still lives is nobody's.
void test_runner::end_orphans() {
  for (int round = 0; round < 100; ++round) {
    std::ifstream list(fmt::format("/proc/self/task/{}/children", gettid()));
    bool any = false;
    for (pid_t pid; list >> pid;) {
      any = true;
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    if (!any) return;
  }
}

}  // namespace snag::cli
