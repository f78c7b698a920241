// SPDX-License-Identifier: Apache-2.0
// Every way a process can end, with and without findings: what is written and which status comes out.
#include "detector/src/ending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/detector/report/child.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using test::in_child;
using test::outcome;
using testing::HasSubstr;
using testing::Not;

constexpr const char* found_one = "Found 1 data race(s)\n";

// The summary comes last, but for what the run could not see.
bool ends_with_summary(std::string text) {
  const auto audit = text.rfind("snag: checked ");
  if (audit != std::string::npos && text.find('\n', audit) == text.size() - 1) text.resize(audit);
  return text.ends_with(found_one);
}

nlohmann::json run_without_audit(nlohmann::json document) {
  document["run"].erase("audit");
  return document["run"];
}

struct scenario {
  std::map<std::string, std::string> options = {};
  bool race = true;
};

outcome ends(scenario s, const std::function<void()>& how) {
  return in_child([&] {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    fake::reset();
    fake::the_world().options = s.options;
    fake::the_world().self = events::goroutine_id{7};
    start_reporter();
    const auto r = fake::make_counter_race();
    if (s.race) report(r.race);
    how();
  });
}

struct ending : testing::Test {
  std::filesystem::path folder;
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "snag-ending-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::string file(const char* name) const { return (folder / name).string(); }
  static nlohmann::json parsed(const std::string& path) { return nlohmann::json::parse(std::ifstream(path)); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
};

// --- Status.
TEST_F(ending, exit_with_a_finding_is_66) {
  const outcome o = ends({}, [] { std::exit(3); });
  EXPECT_EQ(o.status, 66);
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
}
TEST_F(ending, exit_without_a_finding_is_the_programs_own) {
  const outcome o = ends({.race = false}, [] { std::exit(3); });
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.err, "");
}
TEST_F(ending, exitcode_sets_the_status) {
  EXPECT_EQ(ends({.options = {{"exitcode", "13"}}}, [] {}).status, 13);
}
TEST_F(ending, exitcode_0_keeps_the_programs_own) {
  EXPECT_EQ(ends({.options = {{"exitcode", "0"}}}, [] { std::exit(3); }).status, 3);
}
TEST_F(ending, what_does_not_gate_is_reported_but_does_not_fail) {
  const outcome o = ends({.options = {{"fail_on", "deadlock"}}}, [] { std::exit(3); });
  EXPECT_EQ(o.status, 3);
  EXPECT_THAT(o.err, HasSubstr(found_one));
}
TEST_F(ending, status_2_stays) {
  const outcome o = ends({}, [] { _exit(finalize(2)); });
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
}

// --- Ways out.
TEST_F(ending, underscore_exit_is_seen) {
  const outcome o = ends({}, [] { _exit(0); });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr(found_one));
  EXPECT_EQ(ends({}, [] { std::_Exit(0); }).status, 66);
  EXPECT_EQ(ends({.race = false}, [] { _exit(5); }).status, 5);
}
TEST_F(ending, quick_exit_runs_its_handlers_first) {
  const outcome o = ends({}, [] {
    static const raw_race race = fake::make_counter_race().race;
    at_quick_exit([] { report(race); });
    std::quick_exit(4);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("Found 1 data race(s)\n  1 repetition"));
  EXPECT_EQ(ends({.race = false}, [] { std::quick_exit(4); }).status, 4);
}
TEST_F(ending, races_in_exit_handlers_count_and_streams_are_flushed) {
  const outcome o = ends({.race = false}, [] {
    printf("unflushed");
    std::atexit([] { report(fake::make_counter_race().race); });
    std::exit(0);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(o.out, "unflushed");
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
}
TEST_F(ending, the_runtime_asking_before_exit_says_nothing_twice) {
  const outcome o = ends({}, [] { std::exit(finalize(0)); });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(o.err.find("Found"), o.err.rfind("Found"));
}

// --- Crashes.
void crash_by_null() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}
TEST_F(ending, a_crash_keeps_findings_and_gates) {
  const outcome o = ends({}, [] { crash_by_null(); });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("snag: program crashed: SIGSEGV at 0x0 in goroutine 7; 1 finding kept\n"));
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
}
TEST_F(ending, a_crash_without_findings_is_the_signals) {
  const outcome o = ends({.race = false}, [] { crash_by_null(); });
  EXPECT_EQ(o.status, 128 + SIGSEGV);
  EXPECT_EQ(o.err, "snag: program crashed: SIGSEGV at 0x0 in goroutine 7; no findings kept\n");
}
TEST_F(ending, a_crash_with_exitcode_0_is_the_signals) {
  EXPECT_EQ(ends({.options = {{"exitcode", "0"}}}, [] { crash_by_null(); }).status, 128 + SIGSEGV);
}
TEST_F(ending, every_kind_of_crash_has_its_name) {
  EXPECT_THAT(ends({}, [] { abort(); }).err, HasSubstr("snag: program crashed: SIGABRT in goroutine 7"));
  EXPECT_EQ(ends({.race = false}, [] { abort(); }).status, 128 + SIGABRT);
  EXPECT_THAT(ends({}, [] { __builtin_trap(); }).err, HasSubstr("SIGILL at 0x"));
  EXPECT_THAT(ends({}, [] { raise(SIGFPE); }).err, HasSubstr("SIGFPE"));
  EXPECT_THAT(ends({}, [] { raise(SIGBUS); }).err, HasSubstr("SIGBUS"));
}
TEST_F(ending, an_exception_nobody_catches_keeps_findings) {
  const outcome o = ends({}, [] { std::thread([] { throw std::runtime_error("x"); }).join(); });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("SIGABRT"));
}
[[gnu::noinline]] int recurse(int n) {
  volatile char room[4096];
  room[0] = static_cast<char>(n);
  return n == -1 ? 0 : recurse(n + 1) + room[0];
}
TEST_F(ending, an_exhausted_stack_keeps_findings) {
  const outcome o = ends({}, [] { recurse(0); });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("SIGSEGV"));
}
TEST_F(ending, an_exhausted_thread_stack_keeps_findings) {
  const outcome o = ends({}, [] {
    std::thread([] {
      thread_started();
      recurse(0);
    }).join();
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("SIGSEGV"));
}
TEST_F(ending, a_thread_gives_its_alternate_stack_back) {
  EXPECT_EQ(ends({.race = false},
                 [] {
                   std::thread([] {
                     thread_started();
                     thread_ended();
                     stack_t now{};
                     sigaltstack(nullptr, &now);
                     if ((now.ss_flags & SS_DISABLE) == 0) std::_Exit(9);
                   }).join();
                 })
                .status,
            0);
}
TEST_F(ending, a_handler_of_the_users_wins) {
  const outcome o = ends({}, [] {
    signal(SIGSEGV, [](int) {
      [[maybe_unused]] const auto n = ::write(STDERR_FILENO, "mine\n", 5);
      _exit(7);
    });
    crash_by_null();
  });
  EXPECT_THAT(o.err, HasSubstr("mine\n"));
  EXPECT_THAT(o.err, Not(HasSubstr("crashed")));
  EXPECT_EQ(o.status, 66);  // _exit is seen, and a finding gates
}
TEST_F(ending, signals_ignored_from_the_start_stay_ignored) {
  const outcome o = in_child([] {
    signal(SIGHUP, SIG_IGN);
    fake::reset();
    start_reporter();
    raise(SIGHUP);
    printf("alive\n");
  });
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.out, "alive\n");
}
TEST_F(ending, an_interrupt_keeps_findings) {
  const outcome o = ends({}, [] { raise(SIGINT); });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("snag: interrupted: SIGINT; 1 finding kept\n"));
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
  EXPECT_EQ(ends({.race = false}, [] { raise(SIGTERM); }).status, 128 + SIGTERM);
}
TEST_F(ending, a_crash_inside_a_report_does_not_wait_for_itself) {
  const outcome o = ends({}, [] {
    auto r = fake::make_counter_race();
    r.race.current.site = reinterpret_cast<const hooks::site*>(8);  // resolving it reads page zero
    report(r.race);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("SIGSEGV"));
  EXPECT_TRUE(ends_with_summary(o.err)) << o.err;
}
TEST_F(ending, an_error_of_our_own_is_70_and_keeps_findings) {
  const outcome o = ends({}, [] { internal_error("out of memory"); });
  EXPECT_EQ(o.status, 70);
  EXPECT_THAT(o.err, HasSubstr("snag: fatal: out of memory; 1 finding kept\n"));
  EXPECT_THAT(o.err, HasSubstr(found_one));
  EXPECT_EQ(ends({}, [] { internal_fatal("no slot is left"); }).err, [&] {
    std::string same = o.err;
    return same.replace(same.find("out of memory"), 13, "no slot is left");
  }());
}
TEST_F(ending, a_closed_pipe_keeps_findings) {
  const outcome o = ends({}, [] {
    int ends[2];
    if (pipe(ends) != 0) _exit(9);
    close(ends[0]);
    [[maybe_unused]] const auto n = ::write(ends[1], "x", 1);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("snag: interrupted: SIGPIPE; 1 finding kept\n"));
}

// --- Fork, vfork, exec.
TEST_F(ending, a_forked_child_does_not_repeat_its_parents_findings) {
  const outcome o = ends({}, [] {
    if (const pid_t child = fork(); child == 0) {
      std::exit(0);
    } else {
      int status = 0;
      waitpid(child, &status, 0);
      printf("child %d\n", WEXITSTATUS(status));
    }
  });
  EXPECT_EQ(o.out, "child 0\n");
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(o.err.find("Found"), o.err.rfind("Found"));
}
TEST_F(ending, a_forked_child_has_findings_of_its_own) {
  const outcome o = ends({.race = false}, [] {
    if (const pid_t child = fork(); child == 0) {
      report(fake::make_counter_race().race);
      std::exit(0);
    } else {
      int status = 0;
      waitpid(child, &status, 0);
      printf("child %d\n", WEXITSTATUS(status));
    }
  });
  EXPECT_EQ(o.out, "child 66\n");
  EXPECT_EQ(o.status, 0);
}
TEST_F(ending, a_fork_while_another_thread_reports_does_not_hang_the_child) {
  const outcome o = ends({}, [] {
    std::atomic<bool> stop{false};
    std::thread busy([&] {
      const auto r = fake::make_counter_race();
      while (!stop) report(r.race);
    });
    for (int i = 0; i < 20; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        report(fake::make_counter_race().race);
        _exit(0);
      }
      int status = 0;
      waitpid(child, &status, 0);
      if (WEXITSTATUS(status) != 66) std::_Exit(9);
    }
    stop = true;
    busy.join();
    _exit(1);
  });
  EXPECT_EQ(o.status, 66);
}
TEST_F(ending, a_vforked_child_leaves_the_parents_findings_alone) {
  const outcome o = ends({}, [] {
    const pid_t child = vfork();
    if (child == 0) _exit(5);
    int status = 0;
    waitpid(child, &status, 0);
    printf("child %d\n", WEXITSTATUS(status));
  });
  EXPECT_EQ(o.out, "child 5\n");
  EXPECT_EQ(o.status, 66);
}
TEST_F(ending, findings_survive_an_exec) {
  const outcome o = ends({.options = {{"report_format", "json"}, {"log_path", file("f.json")}}}, [this] {
    std::ofstream(file("pid")) << getpid();
    execl("/bin/true", "true", static_cast<char*>(nullptr));
  });
  EXPECT_EQ(o.status, 0);
  std::string pid;
  std::ifstream(file("pid")) >> pid;
  const auto d = parsed(file("f.json.") + pid);
  EXPECT_EQ(d["run"]["end"], "exec");
  EXPECT_EQ(d["findings"].size(), 1u);
}
TEST_F(ending, an_exec_that_fails_changes_nothing) {
  const outcome o = ends({.options = {{"report_format", "json"}, {"log_path", file("f.json")}}}, [] {
    char* const arguments[] = {const_cast<char*>("x"), nullptr};
    if (execvp("/nonexistent/x", arguments) != -1 || errno != ENOENT) _exit(9);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(parsed(file("f.json"))["run"]["end"], "exit");
}

// --- JSON at every end.
TEST_F(ending, the_document_says_how_the_run_ended) {
  const std::map<std::string, std::string> json{{"report_format", "json"}, {"log_path", file("f.json")}};
  EXPECT_EQ(ends({.options = json}, [] { std::exit(1); }).status, 66);
  auto d = parsed(file("f.json"));
  EXPECT_EQ(run_without_audit(d),
            nlohmann::json({{"end", "exit"}, {"signal", nullptr}, {"status", 66}, {"seed", nullptr}}));
  EXPECT_EQ(d["findings"].size(), 1u);

  EXPECT_EQ(ends({.options = json}, [] { crash_by_null(); }).status, 66);
  d = parsed(file("f.json"));
  EXPECT_EQ(run_without_audit(d),
            nlohmann::json({{"end", "crashed"}, {"signal", "SIGSEGV"}, {"status", 66}, {"seed", nullptr}}));
  EXPECT_EQ(d["findings"].size(), 1u);

  EXPECT_EQ(ends({.options = json, .race = false}, [] { raise(SIGTERM); }).status, 128 + SIGTERM);
  d = parsed(file("f.json"));
  EXPECT_EQ(run_without_audit(d),
            nlohmann::json(
                {{"end", "interrupted"}, {"signal", "SIGTERM"}, {"status", nullptr}, {"seed", nullptr}}));

  EXPECT_EQ(ends({.options = json, .race = false}, [] { std::exit(4); }).status, 4);
  d = parsed(file("f.json"));
  EXPECT_EQ(d["run"]["status"], 4);
  EXPECT_TRUE(d["findings"].empty());
  EXPECT_EQ(files(), 1u);  // no temporary file stays
}
TEST_F(ending, a_kill_leaves_the_document_of_the_findings_so_far) {
  const outcome o =
      ends({.options = {{"report_format", "json"}, {"log_path", file("f.json")}}}, [] { raise(SIGKILL); });
  EXPECT_EQ(o.status, 128 + SIGKILL);
  const auto d = parsed(file("f.json"));
  EXPECT_EQ(d["run"]["end"], "running");
  EXPECT_EQ(d["findings"].size(), 1u);
}
TEST_F(ending, without_a_path_the_document_goes_to_standard_error_once) {
  const outcome o = ends({.options = {{"report_format", "json"}}}, [] { std::exit(finalize(0)); });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(nlohmann::json::parse(o.err)["findings"].size(), 1u);
}
TEST_F(ending, halted_runs_say_so) {
  ends({.options = {{"report_format", "json"}, {"log_path", file("f.json")}, {"halt_on_error", "1"}}}, [] {});
  EXPECT_EQ(parsed(file("f.json"))["run"]["end"], "halted");
}
TEST_F(ending, parent_and_child_write_documents_of_their_own) {
  const outcome o = ends({.options = {{"report_format", "json"}, {"log_path", file("f.json")}}}, [] {
    const pid_t child = fork();
    if (child == 0) {
      report(fake::make_counter_race().race);
      std::exit(0);
    }
    waitpid(child, nullptr, 0);
    printf("%d", child);
  });
  EXPECT_EQ(parsed(file("f.json"))["findings"].size(), 1u);
  EXPECT_EQ(parsed(file("f.json.") + o.out)["findings"].size(), 1u);
}

TEST_F(ending, what_was_not_seen_is_said_and_gates_on_request) {
  const auto with_gap = [](const char* fail_on, const char* audit = "auto") {
    return in_child([&] {
      fake::the_world().options = {{"fail_on", fail_on}, {"audit", audit}};
      fake::the_world().gaps.by_nobody = 3;
      start_reporter();
    });
  };
  const outcome silent = with_gap("race");
  EXPECT_EQ(silent.status, 0);
  EXPECT_THAT(silent.err, HasSubstr("; skipped 3 accesses, dropped 0 findings;"));
  EXPECT_EQ(with_gap("race,unseen").status, 66);
  EXPECT_EQ(with_gap("unseen", "0").err, "");
}

TEST_F(ending, a_run_that_saw_everything_says_so_if_asked) {
  const auto complete = [](const char* audit) {
    return in_child([&] {
      fake::the_world().options = {{"fail_on", "unseen"}, {"audit", audit}};
      start_reporter();
    });
  };
  EXPECT_EQ(complete("auto").err, "");
  const outcome o = complete("1");
  EXPECT_EQ(o.status, 0);
  EXPECT_THAT(o.err, HasSubstr("; skipped 0 accesses, dropped 0 findings; used 0 MiB\n"));
}

}  // namespace
}  // namespace snag::detector
