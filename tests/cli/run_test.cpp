// SPDX-License-Identifier: Apache-2.0
// snag run: the exit statuses, the streams, the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool holds_nothing(const std::filesystem::path& directory) { return std::filesystem::is_empty(directory); }

TEST(run, a_clean_program_has_only_its_own_output) {
  for (const bool race : {false, true}) {
    std::vector<std::string> words{"run", program("hello.cpp"), "--", "one", "--two"};
    if (race) words.insert(words.begin() + 1, "-race");
    const outcome o = snag(words, {.input = "three\n"});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
    EXPECT_EQ(o.out, "hello\none\n--two\nthree\n");
    EXPECT_EQ(o.err, "");
  }
}

TEST(run, the_programs_own_status_is_kept) {
  EXPECT_EQ(snag({"run", program("status.cpp"), "--", "7"}).status, 7);
  EXPECT_EQ(snag({"run", "-race", program("status.cpp"), "--", "7"}).status, 7);
}

TEST(run, a_race_is_reported_and_ends_with_66) {
  const outcome o = snag({"run", "-race", program("race.cpp")});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "done\n");
  EXPECT_THAT(o.err, AllOf(HasSubstr("WARNING: DATA RACE"), HasSubstr("balance"), HasSubstr("race.cpp:"),
                           HasSubstr("created at:")));
}

TEST(run, without_race_there_is_no_report) {
  const outcome o = snag({"run", program("race.cpp")});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
}

TEST(run, exit_code_replaces_66) {
  EXPECT_EQ(snag({"run", "-race", "--exit-code", "9", program("race.cpp")}).status, 9);
  EXPECT_EQ(snag({"run", "--race", "--exit-code=0", program("race.cpp")}).status, 0);
}

TEST(run, the_command_line_wins_over_snag_options) {
  const command with = {.environment = {{"SNAG_OPTIONS", "exitcode=5"}}};
  EXPECT_EQ(snag({"run", "-race", program("race.cpp")}, with).status, 5);
  EXPECT_EQ(snag({"run", "-race", "--exit-code", "9", program("race.cpp")}, with).status, 9);
}

TEST(run, fail_on_chooses_what_gates) {
  const outcome o = snag({"run", "-race", "--fail-on", "deadlock,leak", program("race.cpp")});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("WARNING: DATA RACE"));
  EXPECT_EQ(snag({"run", "-race", "--fail-on", "none", program("race.cpp")}).status, 0);
  EXPECT_EQ(snag({"run", "-race", "--fail-on", "deadlock,race", program("race.cpp")}).status, 66);
}

TEST(run, an_unknown_snag_option_is_an_error_that_lists_the_known) {
  for (const char* race : {"-race", "-O0"}) {
    const outcome o =
        snag({"run", race, program("hello.cpp")}, {.environment = {{"SNAG_OPTIONS", "sede=1"}}});
    EXPECT_EQ(o.status, 64) << testing::PrintToString(o);
    EXPECT_THAT(o.err, AllOf(HasSubstr("sede"), HasSubstr("halt_on_error"), HasSubstr("seed")));
    EXPECT_EQ(occurrences(o.err, "\n"), 1u) << o.err;
  }
}

TEST(run, json_goes_to_the_log_path_whole) {
  const scratch_directory directory;
  const std::string report = directory.path() / "the report: 1.json";
  const outcome o = snag({"run", "-race", "--format", "json", "--log-path", report, program("race.cpp")});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, Not(HasSubstr("{")));
  const auto document = nlohmann::json::parse(read_file(report));
  EXPECT_TRUE(document.at("findings").is_array());
  EXPECT_EQ(document.at("findings").size(), 1u);
  EXPECT_EQ(document.at("findings")[0].at("rule"), "data-race");
}

TEST(run, json_without_a_log_path_goes_to_standard_error) {
  const outcome o = snag({"run", "-race", "--format=json", program("race.cpp")});
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(o.out, "done\n");
  EXPECT_EQ(nlohmann::json::parse(o.err).at("findings").size(), 1u) << o.err;
}

TEST(run, a_log_path_that_becomes_unwritable_is_said_and_the_report_is_not_lost) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  ASSERT_EQ(snag({"build", "-race", "-o", app, program("race.cpp")}).status, 0);
  const outcome o = run({.words = {app}, .environment = {{"SNAG_OPTIONS", "log_path=/nowhere/report.txt"}}});
  EXPECT_NE(o.status, 0);
  EXPECT_THAT(o.err, HasSubstr("/nowhere/report.txt"));
}

TEST(run, one_seed_gives_one_run) {
  const std::vector<std::string> words{"run", "-race", "--seed", "12", program("race.cpp")};
  const outcome first = snag(words), second = snag(words);
  EXPECT_EQ(first.status, 66);
  const auto without_path = [](std::string text) {
    for (std::size_t at; (at = text.find("/snag-")) != std::string::npos;) text.replace(at, 12, "");
    return text;
  };
  EXPECT_EQ(without_path(first.err), without_path(second.err));
}

TEST(run, a_compile_error_is_1_with_clangs_own_words) {
  const outcome ours = snag({"run", program("broken.cpp")});
  EXPECT_EQ(ours.status, 1);
  EXPECT_EQ(ours.out, "");
  const outcome clangs = run({.words = {"clang++-19", "-std=c++20", "-fsyntax-only", program("broken.cpp")}});
  EXPECT_EQ(ours.err, clangs.err);
  EXPECT_EQ(snag({"run", "-race", program("broken.cpp")}).err, clangs.err);
}

TEST(run, a_link_error_is_1) {
  const outcome o = snag({"run", program("no_main.cpp")});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("main"));
}

TEST(run, all_asleep_is_2_in_gos_words) {
  for (const char* race : {"-race", "-O0"}) {
    const outcome o = snag({"run", race, program("asleep.cpp")});
    EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
    EXPECT_THAT(o.err, HasSubstr("fatal error: all goroutines are asleep - deadlock!"));
    EXPECT_THAT(o.err, HasSubstr("goroutine 1 [chan receive]:"));
  }
}

TEST(run, a_panic_is_2_even_with_findings) {
  const outcome o = snag({"run", "-race", "--exit-code", "9", program("race_then.cpp"), "--", "panic"});
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("panic: enough"), HasSubstr("WARNING: DATA RACE")));
}

TEST(run, death_by_a_signal_is_128_and_its_number) {
  const outcome o = snag({"run", program("race_then.cpp"), "--", "abort"});
  EXPECT_EQ(o.status, 128 + SIGABRT) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("killed by signal 6"));
}

TEST(run, the_private_directory_is_gone_afterwards) {
  const scratch_directory directory;
  const command with = {.environment = {{"TMPDIR", directory.path()}}};
  EXPECT_EQ(snag({"run", program("hello.cpp")}, with).status, 0);
  EXPECT_TRUE(holds_nothing(directory.path()));
  EXPECT_EQ(snag({"run", program("broken.cpp")}, with).status, 1);
  EXPECT_TRUE(holds_nothing(directory.path()));
}

TEST(run, an_interrupt_reaches_the_program_and_leaves_nothing_behind) {
  const scratch_directory directory;
  process p(
      snag_command({"run", program("interrupted.cpp")}, {.environment = {{"TMPDIR", directory.path()}}}));
  ASSERT_TRUE(p.await_output("ready\n"));
  p.send(SIGINT);
  const outcome o = p.wait();
  EXPECT_EQ(o.status, 128 + SIGINT) << testing::PrintToString(o);
  EXPECT_EQ(o.signal, 0);
  EXPECT_TRUE(holds_nothing(directory.path()));
}

TEST(run, a_program_that_handles_a_signal_gets_it_once) {
  process p(snag_command({"run", program("interrupted.cpp"), "--", "handle"}));
  ASSERT_TRUE(p.await_output("ready\n"));
  p.send(SIGTERM);
  const outcome o = p.wait();
  EXPECT_EQ(o.status, 40 + 1) << testing::PrintToString(o);
}

TEST(run, c_and_cxx_in_one_program) {
  for (const char* race : {"-race", "-O0"}) {
    const outcome o = snag({"run", race, "-Wall", "-Werror", program("mixed.cpp"), program("part.c"), "-lm"});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
    EXPECT_EQ(o.out, "5\n");
    EXPECT_EQ(o.err, "");
  }
}

TEST(run, a_program_in_c) {
  for (const char* race : {"-race", "-O0"}) {
    const outcome o = snag({"run", race, program("pure.c")});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
    EXPECT_EQ(o.out, "C\n");
    EXPECT_EQ(o.err, "");
  }
}

TEST(run, a_race_in_a_c_program) {
  const outcome o = snag({"run", "-race", program("race.c")});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("WARNING: DATA RACE"), HasSubstr("tally"), HasSubstr("race.c:")));
}

TEST(run, several_sources_are_one_program) {
  const outcome o = snag({"run", "-race", program("two_units_main.cpp"), program("two_units_other.cpp")});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("two_units_main.cpp:"), HasSubstr("two_units_other.cpp:")));
}

TEST(run, output_is_kept_where_o_says) {
  const scratch_directory directory;
  const std::string app = directory.path() / "kept";
  EXPECT_EQ(snag({"run", "-o", app, program("hello.cpp")}).out, "hello\n");
  EXPECT_TRUE(std::filesystem::exists(app));
}

TEST(run, a_directory_that_forbids_execution_is_explained) {
  const outcome o = run({.words = {"unshare", "-m", "sh", "-c",
                                   "mount -t tmpfs -o noexec none /mnt && TMPDIR=/mnt exec \"$0\" run \"$1\"",
                                   snag_path(), program("hello.cpp")}});
  if (o.err.find("unshare") != std::string::npos || o.err.find("mount:") != std::string::npos)
    GTEST_SKIP() << "needs the right to mount: " << o.err;
  EXPECT_EQ(o.status, 70) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("noexec"));
}

}  // namespace
}  // namespace snag::cli_test
