// SPDX-License-Identifier: Apache-2.0
// Runs process_program and looks at what it prints and how it ends.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

struct outcome {
  std::string out, err;
  int status = -1;  // of exit; -1: killed
};

std::string slurp(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

outcome run(const std::string& which, const std::string& options = "", const std::string& before = "") {
  const std::string base = ::testing::TempDir() + "snag_process_" + std::to_string(getpid());
  const std::string command = before + "SNAG_OPTIONS='" + options + "' " PROGRAM " " + which + " >" + base +
                              ".out 2>" + base + ".err";
  const int status = std::system(command.c_str());
  outcome result{slurp(base + ".out"), slurp(base + ".err"), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
  std::remove((base + ".out").c_str());
  std::remove((base + ".err").c_str());
  return result;
}

TEST(process, ends_when_main_returns_with_its_status_and_static_destructors) {
  for (const char* options : {"", "seed=1", "max_procs=4"}) {
    const outcome r = run("main_returns_first", options);
    EXPECT_EQ(r.status, 7) << options;
    EXPECT_EQ(r.out, "atexit\nstatic destructor\n") << options;
    EXPECT_EQ(r.err, "") << options;
  }
}

TEST(process, an_exception_that_leaves_main_is_a_panic) {
  const outcome r = run("exception_leaves_main");
  EXPECT_EQ(r.status, 2);
  EXPECT_EQ(r.out, "main's defer\n");
  EXPECT_THAT(r.err, StartsWith("panic: from main\n\ngoroutine 1 [running]:\n"));
  EXPECT_THAT(r.err, HasSubstr("exception_leaves_main"));
}

TEST(process, a_panic_that_is_being_printed_when_main_returns_is_printed_to_its_end) {
  FILE* const program = popen(PROGRAM " main_returns_beside_a_panic 2>&1", "r");
  ASSERT_NE(program, nullptr);
  // Until somebody reads, the panic cannot end. Main must not end the program meanwhile, however long that
  // is.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  std::string printed;
  for (int c; (c = std::fgetc(program)) != EOF;) printed += static_cast<char>(c);
  const int status = pclose(program);
  EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 2);
  EXPECT_TRUE(printed.starts_with("panic: xxx"));
  EXPECT_NE(printed.find("x\n\ngoroutine "), std::string::npos);
}

TEST(process, main_may_leave_by_goexit) {
  for (const char* options : {"", "seed=1"}) {
    outcome r = run("goexit_alone", options);
    EXPECT_EQ(r.status, 2);
    EXPECT_EQ(r.out, "main's local\nthe other one\n");
    EXPECT_EQ(r.err, "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
    r = run("goexit_with_others_stuck", options);
    EXPECT_EQ(r.status, 2);
    EXPECT_THAT(
        r.err,
        MatchesRegex(
            "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine [2-9] .semacquire.:\n(.|\n)*"));
  }
}

TEST(process, main_may_leave_by_pthread_exit_and_the_others_go_on) {
  for (const char* options : {"", "seed=1"}) {
    const outcome r = run("pthread_exit_in_main", options);
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_THAT(r.out, HasSubstr("main's local\n"));
    EXPECT_THAT(r.out, HasSubstr("a goroutine\n"));
    EXPECT_THAT(r.out, HasSubstr("a thread\n"));
  }
  const outcome r = run("pthread_exit_in_goroutine");
  EXPECT_EQ(r.status, 2);
  EXPECT_THAT(r.err, HasSubstr("pthread_exit in a goroutine, which is not a thread: use snag::goexit()"));
}

TEST(process, a_static_destructor_may_join_a_thread_while_another_runs_on) {
  const outcome r = run("exits_beside_a_thread");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_THAT(r.out, HasSubstr("joined\n"));
}

TEST(process, exit_called_by_the_program_keeps_its_status) { EXPECT_EQ(run("exits").status, 5); }

TEST(process, sigquit_dumps_also_where_it_was_ignored) {
  for (const char* before : {"", "trap '' QUIT; "}) {
    const outcome r = run("quits", "", before);
    EXPECT_EQ(r.status, 2) << before;
    EXPECT_THAT(r.err, StartsWith("SIGQUIT: quit\nPC=")) << before;
    EXPECT_THAT(r.err, HasSubstr("goroutine 1 ")) << before;
  }
}

TEST(process, sigquit_tells_who_runs_on_other_threads) {
  const outcome r = run("quits_beside_others", "max_procs=3");
  EXPECT_EQ(r.status, 2);
  for (const char* state : {"running", "syscall"})
    EXPECT_THAT(r.err, HasSubstr(std::string(" [") + state +
                                 "]:\n\tgoroutine running on other thread; stack unavailable\ncreated by "))
        << r.err;
}

TEST(process, goroutines_may_run_before_main_and_after_it) {
  EXPECT_EQ(run("early").out, "goroutine before main\nstatic destructor\n");
  EXPECT_EQ(run("destructor_uses_goroutines").out, "ran after main\nstatic destructor\n");
}

TEST(process, one_seed_gives_one_output) {
  std::set<std::string> outputs;
  for (int seed = 0; seed < 5; ++seed) {
    const std::string options = "seed=" + std::to_string(seed);
    const outcome first = run("interleaving", options);
    EXPECT_EQ(first.status, 0);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(run("interleaving", options).out, first.out);
    outputs.insert(first.out);
  }
  EXPECT_GT(outputs.size(), 1u);
}

TEST(process, a_recorded_run_is_replayed_from_its_file) {
  const std::string path = ::testing::TempDir() + "snag_process_record";
  const outcome first = run("interleaving", "seed=3:record=" + path);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run("interleaving", "schedule=replay:" + path).out, first.out);
  EXPECT_THAT(slurp(path), MatchesRegex("snag-schedule-1:[0-9a-f]+\n"));
  const outcome wrong = run("println_from_many", "schedule=replay:" + path);
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("schedule replay diverged at decision"));
  std::remove(path.c_str());
}

TEST(process, seeded_runs_have_repeating_addresses_and_say_nothing_about_it) {
  const outcome first = run("addresses", "seed=1");
  EXPECT_EQ(first.err, "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run("addresses", "seed=1").out, first.out);
  std::set<std::string> unseeded;
  for (int i = 0; i < 5; ++i) unseeded.insert(run("addresses").out);
  EXPECT_GT(unseeded.size(), 1u) << "address randomisation is off on this machine: the test shows nothing";
}

TEST(process, a_seeded_run_sleeps_on_the_virtual_clock) {
  EXPECT_EQ(run("sleeps_an_hour", "seed=1").status, 0);
}

TEST(process, a_goroutine_knows_itself_after_every_migration) {
  const outcome r = run("migrates", "max_procs=4:migrate=always");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_EQ(r.out, "migrated\nstatic destructor\n");
}

TEST(process, statics_may_be_destroyed_while_goroutines_use_them) {
  for (int i = 0; i < 20; ++i) {
    const outcome r = run("statics_in_use", i % 2 == 0 ? "max_procs=4" : "max_procs=4:migrate=always");
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(r.out, "static destructor\n");
  }
}

TEST(process, options_are_checked) {
  outcome r = run("exits", "sede=1");
  EXPECT_EQ(r.status, 64);
  EXPECT_THAT(r.err, MatchesRegex("snag: SNAG_OPTIONS: unknown option 'sede'; known: [^\n]*seed[^\n]*\n"));
  r = run("exits", "seed=x");
  EXPECT_EQ(r.status, 64);
  EXPECT_THAT(r.err, HasSubstr("seed=x: not a number"));
  r = run("exits", "migrate=sometimes");
  EXPECT_EQ(r.status, 64);
  EXPECT_THAT(r.err, HasSubstr("migrate=sometimes: expected always"));
  r = run("exits", "schedule=replay:/nonexistent");
  EXPECT_EQ(r.status, 64);
  EXPECT_THAT(r.err, HasSubstr("not a readable schedule record"));
}

TEST(process, the_child_of_a_fork_has_the_calling_goroutine_alone) {
  for (const char* options : {"", "seed=1"}) {
    const outcome r = run("forks", options);
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(r.out, "child 100\nstatic destructor\nchild ended with 3\nstatic destructor\n") << options;
  }
}

TEST(process, nothing_of_the_others_is_left_in_the_child_of_a_fork) {
  for (const char* which : {"forks_beside_waiters", "forks_beside_timers", "leaves_blocking_in_the_child",
                            "forks_beside_blocking_calls", "forks_beside_once", "forks_often"}) {
    for (const char* options : {"max_procs=1", "max_procs=2", "max_procs=8", "max_procs=4:migrate=always"}) {
      const outcome r = run(which, options);
      EXPECT_EQ(r.status, 0) << which << " " << options << "\n" << r.err;
    }
  }
  for (const char* which :
       {"forks_beside_waiters", "forks_beside_queues", "forks_beside_timers", "forks_beside_once"}) {
    const outcome r = run(which, "seed=1");
    EXPECT_EQ(r.status, 0) << which << "\n" << r.err;
  }
  // (On one worker: else another thread may be on its way into the queue, and hold what guards it.)
  EXPECT_EQ(run("forks_beside_queues", "max_procs=1").status, 0);
}

TEST(process, a_worker_started_by_the_runtimes_own_threads_lets_signals_through) {
  const outcome caught = run("signals_reach_every_worker", "max_procs=1");
  EXPECT_EQ(caught.status, 0) << caught.err;
  const outcome died = run("overflows_on_a_spare_worker", "max_procs=1");
  EXPECT_EQ(died.status, 2);
  EXPECT_THAT(died.err, HasSubstr("fatal error: stack overflow\n"));
}

TEST(process, where_guards_run_out_that_is_said_and_goroutines_go_on) {
  const outcome r = run("old_kernel");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_THAT(r.out, StartsWith("all ended\n"));
  EXPECT_EQ(
      r.err,
      "snag: guard pages by madvise are not available (Invalid argument); the first 8000 goroutine stacks "
      "get mprotect guards\n"
      "snag: no more guard pages (limit of mappings): an overflow of further goroutine stacks is noticed "
      "when the goroutine ends, if at all\n");
}

TEST(process, println_writes_whole_lines) {
  std::istringstream lines(run("println_from_many").out);
  int count = 0;
  for (std::string line; std::getline(lines, line) && line != "static destructor"; ++count) {
    ASSERT_EQ(line.size(), 8u) << line;
    ASSERT_EQ(line, std::string(8, line[0]));
  }
  EXPECT_EQ(count, 1600);
}

TEST(process, what_was_printed_before_a_panic_is_seen) {
  const outcome r = run("crash_after_printing");
  EXPECT_EQ(r.status, 2);
  EXPECT_EQ(r.out, "printed before, line\nunfinished");
}

}  // namespace
