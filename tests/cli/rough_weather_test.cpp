// SPDX-License-Identifier: Apache-2.0
// Programs that end badly keep their findings so far, and end with a clear message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// race_then.cpp, compiled once: it races, then ends in the way that its argument names.
class rough_weather : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new scratch_directory;
    const outcome o = snag({"build", "-race", "-O1", "-o", app(), program("race_then.cpp")});
    ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }
  static std::string app() { return directory_->path() / "race_then"; }
  static outcome ending(const std::string& how, const std::string& options = "") {
    return run({.words = {app(), how}, .environment = {{"SNAG_OPTIONS", options}}});
  }

  static void expect_one_race(const outcome& o) {
    EXPECT_EQ(occurrences(o.err, "WARNING: DATA RACE"), 1u) << testing::PrintToString(o);
    EXPECT_THAT(o.err, HasSubstr("balance"));
  }

 private:
  static inline scratch_directory* directory_ = nullptr;
};

TEST_F(rough_weather, a_crash) {
  const outcome o = ending("crash");
  expect_one_race(o);
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("SIGSEGV"));
}

TEST_F(rough_weather, a_crash_in_a_goroutine) {
  const outcome o = ending("crash_in_goroutine");
  expect_one_race(o);
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("SIGSEGV"), HasSubstr("goroutine")));
}

TEST_F(rough_weather, an_abort) {
  const outcome o = ending("abort");
  expect_one_race(o);
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("SIGABRT"));
}

TEST_F(rough_weather, a_crash_without_a_gating_finding_stays_a_crash) {
  EXPECT_EQ(ending("crash", "exitcode=0").signal, SIGSEGV);
  EXPECT_EQ(ending("abort", "fail_on=none").signal, SIGABRT);
}

TEST_F(rough_weather, exit_from_main) {
  const outcome o = ending("exit");
  expect_one_race(o);
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
}

TEST_F(rough_weather, exit_from_a_goroutine) {
  const outcome o = ending("exit_in_goroutine");
  expect_one_race(o);
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
}

TEST_F(rough_weather, quick_exit_and_underscore_exit_keep_what_was_reported) {
  expect_one_race(ending("_exit"));
  expect_one_race(ending("quick_exit"));
}

TEST_F(rough_weather, a_child_process_that_returns) {
  const outcome o = ending("fork");
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("child ended with 5\n"));
  EXPECT_THAT(o.err, HasSubstr("WARNING: DATA RACE"));
}

TEST_F(rough_weather, a_child_process_that_executes_another) {
  const outcome o = ending("fork_exec");
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("from the child\n"));
  expect_one_race(o);
}

TEST_F(rough_weather, an_exception_leaves_a_goroutine) {
  const outcome o = ending("throw");
  expect_one_race(o);
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("panic: "), HasSubstr("no such page"), HasSubstr("goroutine ")));
}

TEST_F(rough_weather, an_exception_leaves_main) {
  const outcome o = ending("throw_in_main");
  expect_one_race(o);
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("panic: "), HasSubstr("no such page")));
}

TEST_F(rough_weather, a_goroutines_stack_overflows) {
  const outcome o = ending("overflow");
  expect_one_race(o);
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("stack overflow"), HasSubstr("goroutine ")));
}

TEST_F(rough_weather, memory_runs_out) {
  const outcome o = ending("out_of_memory");
  expect_one_race(o);
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("bad_alloc"));
}

// It ends as a program without Snag would, but for what gates.
outcome interrupted(const std::string& app, int signal, const std::string& options) {
  process p({.words = {app, "wait"}, .environment = {{"SNAG_OPTIONS", options}}});
  EXPECT_TRUE(p.await_output("ready\n"));
  p.send(signal);
  return p.wait();
}

TEST_F(rough_weather, an_interrupt) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const outcome gated = interrupted(app(), signal, "");
    expect_one_race(gated);
    EXPECT_EQ(gated.status, 66) << testing::PrintToString(gated);
    EXPECT_EQ(interrupted(app(), signal, "exitcode=0").signal, signal);
  }
}

TEST_F(rough_weather, the_reader_of_standard_output_goes_away) {
  const outcome o = run({.words = {"sh", "-c", "\"$0\" chatter | head -n 1", app()}});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  expect_one_race(o);
}

TEST_F(rough_weather, standard_streams_are_closed) {
  const outcome o = run({.words = {"sh", "-c", "\"$0\" nothing <&- >&- 2>&-; echo $?", app()}});
  EXPECT_EQ(o.out, "66\n") << testing::PrintToString(o);
}

TEST_F(rough_weather, the_stack_is_unlimited) {
  const outcome o = run({.words = {"sh", "-c", "ulimit -s unlimited || exit 0; exec \"$0\" nothing", app()}});
  if (o.status == 0) GTEST_SKIP() << "the hard limit is lower";
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  expect_one_race(o);
}

TEST_F(rough_weather, the_address_space_is_limited) {
  for (const char* kib : {"1000000", "64000000"}) {
    const outcome o = run({.words = {"sh", "-c", "ulimit -v $1; exec \"$0\" nothing", app(), kib}});
    EXPECT_EQ(o.status, 70) << testing::PrintToString(o);
    EXPECT_EQ(o.out, "");
    EXPECT_THAT(o.err, AllOf(HasSubstr("snag: fatal: "), HasSubstr("`ulimit -v` must be unlimited")));
  }
}

TEST_F(rough_weather, addresses_are_not_randomised) {
  const outcome o = run({.words = {"setarch", "-R", app(), "nothing"}});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  expect_one_race(o);
}

TEST_F(rough_weather, a_debugger_runs_it) {
  const outcome o = run({.words = {"gdb", "-q", "-batch", "-nx", "-ex", "run", "--args", app(), "nothing"}});
  expect_one_race(o);
  EXPECT_THAT(o.out, HasSubstr("exited with code 0102")) << testing::PrintToString(o);  // 66
}

TEST_F(rough_weather, a_program_of_threads_changes_its_group) {
  const outcome o = ending("set_group");
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "setgid: 0\n");
}

TEST(versions, a_module_compiled_by_another_plugin_is_refused) {
  const outcome o = snag({"run", "-race", "-fplugin-arg-snag-abi=7", program("hello.cpp")});
  EXPECT_NE(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "");
  EXPECT_THAT(o.err, AllOf(HasSubstr("another version"), HasSubstr("recompile")));
}

}  // namespace
}  // namespace snag::cli_test
