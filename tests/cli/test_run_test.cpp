// SPDX-License-Identifier: Apache-2.0
// snag test, with shell scripts for test programs: verdicts, exit statuses, shards, reports, and programs
// that hang, crash, ignore signals, leave others behind or print without end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class test_command : public testing::Test {
 protected:
  // An executable script; its path.
  std::string script(const std::string& name, const std::string& text) const {
    const std::string path = directory_.write(name, "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  // A test program that finds something: it writes the document that a program with a detector would.
  std::string finder(const std::string& name, const std::string& fingerprint,
                     const std::string& rest = "exit 66") const {
    return script(name,
                  "path=$(echo \"$SNAG_OPTIONS\" | sed \"s/.*log_path=//; s/ .*//; s/%p/$$/\")\n"
                  "cat > \"$path\" <<'END'\n" +
                      document(fingerprint) + "\nEND\n" + rest);
  }
  static std::string document(const std::string& fingerprint) {
    return R"({"schema": "snag-findings/6", "tool": {"name": "snag", "version": "0.1.0"},
 "run": {"end": "exit", "signal": null, "status": 66, "seed": null, "audit": null},
 "totals": {"distinct": 1, "occurrences": 1, "not_listed": 0, "suppressed": 0}, "suppressions": [],
 "findings": [{"count": 1, "tests": [], "fingerprint": ")" +
           fingerprint + R"(", "kind": "misuse", "rule": "unlock-of-unlocked",
   "message": "a mutex is unlocked that nobody holds", "accesses": [], "memory": {"kind": "unknown", "name": "",
   "module": "", "base": "0x0", "size": 0, "owner": 0, "freed": false, "element": null, "allocated_at": []},
   "missing_edge": "", "certainty": "proved", "hints": [], "actors": []}]
})";
  }
  outcome run(std::vector<std::string> words, variables environment = {}) const {
    words.insert(words.begin(), "test");
    // Whoever runs these tests may be one part of many.
    for (const char* name : {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "TEST_TOTAL_SHARDS",
                             "TEST_SHARD_INDEX", "CI_NODE_INDEX", "CI_NODE_TOTAL", "SNAG_OPTIONS"})
      environment.try_emplace(name, std::nullopt);
    return snag(words, {.environment = environment, .directory = directory_.path()});
  }
  json report(const std::string& name = "snag-report.json") const {
    return json::parse(read_file(directory_.path() / name));
  }
  // "passed", "failed", … of each test, in order.
  std::vector<std::string> verdicts(const std::string& name = "snag-report.json") const {
    std::vector<std::string> all;
    const json document = report(name);
    for (const json& t : document["tests"]) all.push_back(t["verdict"]);
    return all;
  }

  scratch_directory directory_;
};

TEST_F(test_command, all_is_well) {
  const outcome o = run({script("a", "exit 0"), script("b", "echo fine")});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("2 tests: 2 passed; 0 findings"));
  EXPECT_EQ(o.err, "");
  EXPECT_THAT(verdicts(), ElementsAre("passed", "passed"));
}

TEST_F(test_command, what_a_failing_test_printed_is_shown) {
  const outcome o = run({script("a", "echo all went well"), script("b", "echo it broke >&2; exit 3")});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(
      o.out, AllOf(HasSubstr("it broke"), HasSubstr("ended with status 3"), Not(HasSubstr("all went well"))));
  EXPECT_THAT(verdicts(), ElementsAre("passed", "failed"));
  EXPECT_THAT(report()["tests"][1]["output_excerpt"], HasSubstr("it broke"));
  EXPECT_THAT(run({"-v", script("a", "echo all went well")}).out, HasSubstr("all went well"));
}

TEST_F(test_command, a_finding_counts_more_than_a_failure) {
  const std::string fingerprint(32, 'a');
  const outcome o = run({script("a", "exit 1"), finder("b", fingerprint)});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(verdicts(), ElementsAre("failed", "findings"));
  const json r = report();
  EXPECT_EQ(r["findings"][0]["fingerprint"], fingerprint);
  EXPECT_THAT(r["findings"][0]["tests"][0], HasSubstr("/b"));
  EXPECT_EQ(r["tests"][1]["findings"][0], fingerprint);
  EXPECT_EQ(run({"--exit-code", "9", finder("b", fingerprint)}).status, 9);
}

TEST_F(test_command, findings_that_do_not_count_fail_nothing) {
  const std::string program = finder("a", std::string(32, 'a'), "exit 0");
  EXPECT_EQ(run({"--fail-on", "race", program}).status, 0);
  EXPECT_EQ(run({"--fail-on", "none", program}).status, 0);
  EXPECT_EQ(run({program}, {{"SNAG_OPTIONS", "fail_on=race,leak"}}).status, 0);
  EXPECT_EQ(run({program}).status, 66);
  EXPECT_EQ(report()["findings"].size(), 1u);
}

// The disk is full: such a program prints its report instead.
TEST_F(test_command, a_report_that_was_printed_is_read) {
  const outcome o =
      run({script("a", "echo before; cat <<'END'\n" + document(std::string(32, 'c')) + "\nEND\nexit 66")});
  EXPECT_EQ(o.status, 1) << "a script has no detector, so what it prints is its own: " << o.out;
}

TEST_F(test_command, a_damaged_report_is_said) {
  const outcome o = run({finder("a", "0123", "exit 66"), script("b", "exit 0")});
  EXPECT_NE(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("what it found is lost in part"));
}

TEST_F(test_command, a_test_that_hangs_is_told_to_say_where_it_is) {
  const outcome o =
      run({"--timeout", "300ms",
           script("a", "trap 'echo I am here; exit 2' QUIT; echo begun; while :; do sleep 0.1; done")});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(o.out, AllOf(HasSubstr("begun"), HasSubstr("I am here"), HasSubstr("timeout")));
  EXPECT_THAT(verdicts(), ElementsAre("timeout"));
}

// Ten seconds of patience behind the time-out.
TEST_F(test_command, a_test_that_ignores_every_signal_is_killed) {
  const outcome o =
      run({"--timeout", "100ms", "-j2", script("a", "trap '' QUIT TERM INT; while :; do sleep 1; done"),
           script("b", "exit 0")});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(verdicts(), ElementsAre("timeout", "passed"));
}

TEST_F(test_command, findings_of_a_test_that_hangs_are_kept) {
  const outcome o =
      run({"--timeout", "300ms", finder("a", std::string(32, 'd'), "while :; do sleep 1; done")});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(verdicts(), ElementsAre("findings"));
}

TEST_F(test_command, a_crash_is_one) {
  const outcome o = run({script("a", "kill -SEGV $$"), script("b", "exit 0")});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.out, HasSubstr("killed by SIGSEGV"));
  EXPECT_THAT(verdicts(), ElementsAre("crashed", "passed"));
}

// One stays in the test's process group, one leaves it.
TEST_F(test_command, what_a_test_leaves_behind_ends_with_it) {
  const std::string pids = directory_.path() / "pids";
  const outcome o =
      run({script("a", "sleep 1000 & echo $! >> " + pids + "\nsetsid sleep 1000 & echo $! >> " + pids)});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("left processes behind"));
  std::ifstream list(pids);
  int count = 0;
  for (pid_t pid; list >> pid; ++count) EXPECT_NE(kill(pid, 0), 0) << pid << " is still there";
  EXPECT_EQ(count, 2);
}

TEST_F(test_command, output_without_end_is_cut_in_the_middle) {
  const outcome o = run({script(
      "a", "echo the beginning; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 1")});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.out,
              AllOf(HasSubstr("the beginning"), HasSubstr("the end"), HasSubstr("bytes are not shown")));
  EXPECT_LT(o.out.size(), 1u << 20);
}

TEST_F(test_command, interrupted_it_keeps_what_it_has) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    process p(snag_command({"test", finder("a", std::string(32, 'e')),
                            script("b", "while :; do sleep 1; done"), script("c", "exit 0")},
                           {.directory = directory_.path()}));
    ASSERT_TRUE(p.await_output("[1/3]"));
    p.send(signal);
    const outcome o = p.wait();
    EXPECT_EQ(o.status, 128 + signal) << testing::PrintToString(o);
    EXPECT_EQ(o.signal, 0);
    EXPECT_THAT(verdicts(), ElementsAre("findings", "unstarted", "unstarted"));
    EXPECT_EQ(report()["findings"].size(), 1u);
  }
}

// A run that is killed leaves a document that is none of a run that passed.
TEST_F(test_command, killed_it_leaves_no_green_report) {
  process p(snag_command({"test", script("a", "exit 0"), script("b", "while :; do sleep 1; done")},
                         {.directory = directory_.path()}));
  ASSERT_TRUE(p.await_output("[1/2]"));
  p.send(SIGKILL);
  p.wait();
  EXPECT_THAT(verdicts(), ElementsAre("unstarted", "unstarted"));
}

TEST_F(test_command, what_is_no_program) {
  const std::string text = directory_.write("text", "no program");
  const auto refused = [&](const std::vector<std::string>& words, const std::string& part) {
    const outcome o = run(words);
    EXPECT_EQ(o.status, 64) << testing::PrintToString(o);
    EXPECT_EQ(o.out, "");
    EXPECT_THAT(o.err, AllOf(StartsWith("snag: "), HasSubstr(part)));
    EXPECT_EQ(occurrences(o.err, "\n"), 1u) << o.err;
  };
  refused({text}, "cannot run " + text + ": Permission denied");
  refused({"nowhere"}, "there is no such file");
  refused({directory_.path()}, "--ctest");
  refused({}, "no test program is given");
  refused({"--ctest", "nowhere"}, "there is no such directory");
  refused({"--ctest", directory_.path()}, "is it a build directory");
  refused({"--timeout", "soon", text}, "--timeout soon");
  refused({"--seeds", "9-3", text}, "--seeds 9-3");
  refused({"--shard", "5/4", text}, "the last 4/4");
  refused({"--seeds", "3", "--repeat", "2", script("a", "exit 0")}, "--repeat adds nothing");
  refused({"--filter", "nothing.*", script("a", "exit 0")}, "no test matches");
  refused({"--fail-on", "race,none", script("a", "exit 0")}, "stands alone");
}

TEST_F(test_command, a_program_that_does_not_start_makes_the_run_incomplete) {
  const outcome o = run({script("a", "exit 0"), script("b", "exit 0")});
  EXPECT_EQ(o.status, 0);
  directory_.write("b", "#!/no/such/interpreter\n");
  const outcome again = run({directory_.path() / "a", directory_.path() / "b"});
  EXPECT_EQ(again.status, 75) << testing::PrintToString(again);
  EXPECT_THAT(again.out, HasSubstr("cannot run"));
  EXPECT_THAT(verdicts(), ElementsAre("passed", "unstarted"));
}

TEST_F(test_command, a_report_that_cannot_be_written_is_said_at_once) {
  const outcome o = run({"-o", "/nowhere/report.json", script("a", "touch ran; exit 0")});
  EXPECT_EQ(o.status, 70);
  EXPECT_THAT(o.err, HasSubstr("the report cannot be written to /nowhere/report.json"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "ran"));
}

// The disk fills while they run: files may have 1 KiB from then on.
TEST_F(test_command, a_disk_that_is_full_hides_no_finding) {
  const std::string program = finder("a", std::string(32, 'f'));
  const outcome o =
      cli_test::run({.words = {"sh", "-c",
                               "trap '' XFSZ; ulimit -f 4; exec " + snag_path() + " test " + program + " " +
                                   script("b", "head -c 100000 /dev/zero | tr '\\0' x; exit 1")},
                     .environment = {{"SNAG_OPTIONS", std::nullopt}},
                     .directory = directory_.path()});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("1 finding"));
  EXPECT_THAT(o.err, HasSubstr("the report cannot be written to snag-report.json"));
}

TEST_F(test_command, rounds_and_seeds) {
  const std::string program = script("a", "echo \"$SNAG_OPTIONS\" >> options");
  EXPECT_EQ(run({"--repeat", "3", program}).status, 0);
  EXPECT_EQ(occurrences(read_file(directory_.path() / "options"), "\n"), 3u);
  EXPECT_THAT(read_file(directory_.path() / "options"), Not(HasSubstr("seed=")));
  std::filesystem::remove(directory_.path() / "options");
  EXPECT_EQ(run({"--seeds", "5-6", program}, {{"SNAG_OPTIONS", "max_procs=2"}}).status, 0);
  EXPECT_THAT(read_file(directory_.path() / "options"),
              AllOf(HasSubstr("seed=5"), HasSubstr("seed=6"), HasSubstr("max_procs=2"),
                    HasSubstr("report_format=json")));
}

TEST_F(test_command, the_seed_that_fails_is_named) {
  const outcome o = run({"--seeds", "1-4", script("a", "case \"$SNAG_OPTIONS\" in *seed=3*) exit 1;; esac")});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.out, AllOf(HasSubstr("(1 of 4 rounds)"), HasSubstr("--seed 3 repeats it")));
  EXPECT_EQ(report()["tests"][0]["seed"], "3");
}

TEST_F(test_command, as_many_at_once_as_asked) {
  // Each waits for the other: they pass only together.
  const std::string both = "touch $0.up; while [ ! -e a.up ] || [ ! -e b.up ]; do sleep 0.05; done";
  EXPECT_EQ(run({"-j", "2", "--timeout", "60s", script("a", both), script("b", both)}).status, 0);
}

TEST_F(test_command, shards_are_parts_of_one_run) {
  std::vector<std::string> programs;
  for (const char* name : {"a", "b", "c", "d", "e"}) programs.push_back(script(name, "echo $0 >> ran"));
  for (const char* part : {"1/2", "2/2"}) {
    std::vector<std::string> words = {"--shard", part};
    words.insert(words.end(), programs.begin(), programs.end());
    EXPECT_EQ(run(words).status, 0);
  }
  const json first = report("snag-report.1-of-2.json"), second = report("snag-report.2-of-2.json");
  EXPECT_EQ(first["tests"].size(), 3u);
  EXPECT_EQ(second["tests"].size(), 2u);
  EXPECT_EQ(first["shards"], json({{"total", 2}, {"present", {1}}}));
  EXPECT_EQ(second["shards"], json({{"total", 2}, {"present", {2}}}));
  EXPECT_EQ(occurrences(read_file(directory_.path() / "ran"), "\n"), 5u);
}

// Whoever set the variables meant us: the programs must not shard again. And the file says that somebody did.
TEST_F(test_command, a_system_that_shards_is_obeyed_once) {
  const std::string program =
      script("a", "echo \"<$GTEST_TOTAL_SHARDS$GTEST_SHARD_INDEX$XML_OUTPUT_FILE>\" > seen");
  const std::string status_file = directory_.path() / "status";
  const outcome o = run({program}, {{"GTEST_TOTAL_SHARDS", "3"},
                                    {"GTEST_SHARD_INDEX", "0"},
                                    {"GTEST_SHARD_STATUS_FILE", status_file},
                                    {"XML_OUTPUT_FILE", "x.xml"}});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("shard 1 of 3, says GTEST_SHARD_INDEX (GoogleTest)"));
  EXPECT_EQ(read_file(directory_.path() / "seen"), "<>\n");
  EXPECT_TRUE(std::filesystem::exists(status_file));
  // A shard that nothing is left for is no failure.
  EXPECT_EQ(run({program}, {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "2"}}).status, 0);
  EXPECT_EQ(report("snag-report.3-of-3.json")["tests"].size(), 0u);
}

TEST_F(test_command, race_asks_for_the_detector) {
  const outcome o = run({"-race", "/bin/true"});
  EXPECT_EQ(o.status, 64);
  EXPECT_THAT(o.err, HasSubstr("was not linked with -race"));
}

TEST_F(test_command, ctest_decides_what_passes) {
  directory_.write("CMakeLists.txt", R"(cmake_minimum_required(VERSION 3.20)
project(all NONE)
enable_testing()
add_test(NAME plain COMMAND sh -c "exit 0")
add_test(NAME fails COMMAND sh -c "exit 3")
add_test(NAME should_fail COMMAND sh -c "exit 3")
add_test(NAME skips COMMAND sh -c "exit 77")
add_test(NAME matches COMMAND sh -c "echo all is well; exit 1")
add_test(NAME variable COMMAND sh -c "test \"$A\" = 1 && test $PWD = /")
add_test(NAME set_up COMMAND sh -c "touch /tmp/nothing; exit 1")
add_test(NAME needs_it COMMAND sh -c "exit 0")
add_test(NAME unbuilt COMMAND no_such_program)
add_test(NAME off COMMAND sh -c "exit 1")
set_tests_properties(should_fail PROPERTIES WILL_FAIL ON)
set_tests_properties(skips PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(matches PROPERTIES PASS_REGULAR_EXPRESSION "all is [a-z]+")
set_tests_properties(variable PROPERTIES ENVIRONMENT "A=1" WORKING_DIRECTORY /)
set_tests_properties(set_up PROPERTIES FIXTURES_SETUP f)
set_tests_properties(needs_it PROPERTIES FIXTURES_REQUIRED f)
set_tests_properties(off PROPERTIES DISABLED ON)
)");
  const outcome configured =
      cli_test::run({.words = {"cmake", "-S", directory_.path(), "-B", directory_.path() / "b"}});
  ASSERT_EQ(configured.status, 0) << testing::PrintToString(configured);
  const outcome o = run({"--ctest", "b", "-j", "2"});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  std::map<std::string, std::string> all;
  const json document = report();
  for (const json& t : document["tests"]) all[t["name"]] = t["verdict"];
  EXPECT_THAT(all, (std::map<std::string, std::string>{{"plain", "passed"},
                                                       {"fails", "failed"},
                                                       {"should_fail", "passed"},
                                                       {"skips", "skipped"},
                                                       {"matches", "passed"},
                                                       {"variable", "passed"},
                                                       {"set_up", "failed"},
                                                       {"needs_it", "unstarted"},
                                                       {"unbuilt", "unstarted"}}));
  EXPECT_THAT(run({"--ctest", "b", "--list"}).out, Not(HasSubstr("off")));
}

}  // namespace
}  // namespace snag::cli_test
