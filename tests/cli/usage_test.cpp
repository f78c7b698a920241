// SPDX-License-Identifier: Apache-2.0
// Wrong use: one line that says what to do, status 64, nothing on standard output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

void expect_usage_error(const outcome& o, const std::string& part) {
  EXPECT_EQ(o.status, 64) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "");
  EXPECT_THAT(o.err, AllOf(StartsWith("snag: "), HasSubstr(part)));
  EXPECT_EQ(occurrences(o.err, "\n"), 1u) << o.err;
}

TEST(usage, no_command_prints_the_help_and_is_an_error) {
  const outcome o = snag({});
  EXPECT_EQ(o.status, 64);
  EXPECT_THAT(o.out, HasSubstr("snag run"));
}

TEST(usage, help_names_every_command) {
  for (const char* word : {"--help", "-h", "help"}) {
    const outcome o = snag({word});
    EXPECT_EQ(o.status, 0);
    for (const char* command : {"run", "build", "c++", "cc", "test", "explain", "doctor", "version"})
      EXPECT_THAT(o.out, HasSubstr(std::string("snag ") + command));
  }
}

TEST(usage, help_of_run_names_every_flag) {
  const outcome o = snag({"run", "--help"});
  EXPECT_EQ(o.status, 0);
  for (const char* flag : {"-race", "--seed", "--format", "--log-path", "--fail-on", "--exit-code"})
    EXPECT_THAT(o.out, HasSubstr(flag));
}

TEST(usage, every_command_of_its_own_has_help) {
  for (const std::string command :
       {"run", "build", "flags", "test", "explain", "graph", "report", "vet", "doctor", "version"}) {
    const outcome o = snag({command, "--help"});
    EXPECT_EQ(o.status, 0) << command << testing::PrintToString(o);
    EXPECT_THAT(o.out, AllOf(HasSubstr("usage: snag " + command), HasSubstr("--help"))) << command;
    EXPECT_EQ(snag({"help", command}).out, o.out) << command;
  }
  expect_usage_error(snag({"help", "rnu"}), "did you mean 'run'?");
}

TEST(usage, arguments_that_a_command_does_not_take) {
  expect_usage_error(snag({"doctor", "now"}), "snag doctor --help");
  expect_usage_error(snag({"version", "--all"}), "snag version --help");
  expect_usage_error(snag({"explain", "data-race", "deadlock"}), "snag explain takes one rule");
}

TEST(usage, a_misspelt_command_is_suggested) {
  expect_usage_error(snag({"rnu", "x.cpp"}), "unknown command 'rnu'; did you mean 'run'?");
}

TEST(usage, a_file_in_place_of_a_command_is_understood) {
  expect_usage_error(snag({program("hello.cpp")}), "snag run " + program("hello.cpp"));
}

TEST(usage, run_without_a_source) {
  expect_usage_error(snag({"run"}), "no source file");
  expect_usage_error(snag({"run", "-race", "-O2"}), "no source file");
  expect_usage_error(snag({"build", "-o", "app"}), "no source file");
}

TEST(usage, a_missing_file) {
  expect_usage_error(snag({"run", "nowhere.cpp"}), "there is no file nowhere.cpp");
  expect_usage_error(snag({"build", "nowhere.cpp"}), "there is no file nowhere.cpp");
}

TEST(usage, the_programs_arguments_without_two_dashes) {
  expect_usage_error(snag({"run", program("hello.cpp"), "world"}), "arguments go after --");
}

TEST(usage, wrong_values_of_flags) {
  const std::string hello = program("hello.cpp");
  expect_usage_error(snag({"run", "--seed", "one", hello}), "--seed");
  expect_usage_error(snag({"run", "--seed", "-1", hello}), "--seed");
  expect_usage_error(snag({"run", "--seed", "18446744073709551616", hello}), "2^64");
  expect_usage_error(snag({"run", "--format", "xml", hello}), "{text,json}");
  expect_usage_error(snag({"run", "--fail-on", "race,bugs", hello}), "bugs");
  expect_usage_error(snag({"run", "--fail-on", "race,none", hello}), "stands alone");
  expect_usage_error(snag({"run", "--exit-code", "256", hello}), "--exit-code");
  expect_usage_error(snag({"run", hello, "--seed"}), "--seed");
}

TEST(usage, run_makes_programs_only) {
  expect_usage_error(snag({"run", "-c", program("hello.cpp")}), "snag c++");
  expect_usage_error(snag({"build", "-shared", program("hello.cpp")}), "snag c++");
}

TEST(usage, run_time_flags_do_not_belong_to_build) {
  expect_usage_error(snag({"build", "--seed", "1", program("hello.cpp")}), "SNAG_OPTIONS");
}

TEST(usage, a_log_path_that_cannot_be_written) {
  const std::string hello = program("hello.cpp");
  expect_usage_error(snag({"run", "-race", "--log-path", "/nowhere/report.txt", hello}),
                     "cannot be written to /nowhere/report.txt");
  const scratch_directory directory;
  expect_usage_error(snag({"run", "-race", "--log-path", directory.path(), hello}), "it is a directory");
}

TEST(usage, options_of_the_environment_that_are_cut_off) {
  const auto told = [](const char* options) {
    const outcome o = snag({"run", program("hello.cpp")}, {.environment = {{"SNAG_OPTIONS", options}}});
    EXPECT_EQ(o.status, 64) << testing::PrintToString(o);
    return o.err;
  };
  EXPECT_EQ(told("seed"), "snag: SNAG_OPTIONS: 'seed' needs a value: seed=VALUE\n");
  EXPECT_EQ(told("seed=1 log_path='open"),
            "snag: SNAG_OPTIONS: the closing quote is missing: log_path='open\n");
}

TEST(usage, no_compiler_says_how_to_get_one) {
  const scratch_directory empty;
  const outcome o = snag({"run", program("hello.cpp")}, {.environment = {{"PATH", empty.path()}}});
  EXPECT_EQ(o.status, 70);
  EXPECT_THAT(o.err, AllOf(StartsWith("snag: "), HasSubstr("apt-get install clang-19")));
}

TEST(usage, a_missing_part_is_named) {
  const scratch_directory directory;
  std::filesystem::create_directory(directory.path() / "bin");
  std::filesystem::copy(snag_path(), directory.path() / "bin/snag");
  const outcome o = run({.words = {directory.path() / "bin/snag", "run", program("hello.cpp")}});
  EXPECT_EQ(o.status, 70);
  EXPECT_THAT(o.err, AllOf(StartsWith("snag: "), HasSubstr(directory.path() / "include/snag/snag.h"),
                           HasSubstr("./dev build")));
}

TEST(usage, a_temporary_directory_that_cannot_be_written) {
  const outcome o = snag({"run", program("hello.cpp")}, {.environment = {{"TMPDIR", "/nowhere"}}});
  EXPECT_EQ(o.status, 70);
  EXPECT_THAT(o.err, AllOf(HasSubstr("/nowhere"), HasSubstr("TMPDIR")));
}

TEST(usage, a_temporary_directory_that_is_full) {
  const scratch_directory directory;
  const outcome o = run(
      {.words = {"unshare", "-m", "sh", "-c",
                 "mount -t tmpfs -o size=64k none \"$0\" || exit 99; TMPDIR=\"$0\" exec \"$1\" run \"$2\"",
                 directory.path(), snag_path(), program("hello.cpp")}});
  if (o.status == 99 || o.err.starts_with("unshare")) GTEST_SKIP() << "mounting is not allowed here";
  EXPECT_EQ(o.status, 70) << testing::PrintToString(o);
  EXPECT_THAT(o.err,
              AllOf(HasSubstr("snag: cannot write to "), HasSubstr("No space left"), HasSubstr("TMPDIR")));
}

TEST(usage, explain_lists_rules_and_explains_each) {
  const outcome list = snag({"explain"});
  EXPECT_EQ(list.status, 0);
  EXPECT_THAT(list.out, HasSubstr("data-race"));
  for (std::size_t begin = 0; begin < list.out.size(); begin = list.out.find('\n', begin) + 1) {
    const std::string rule = list.out.substr(begin, list.out.find(' ', begin) - begin);
    const outcome o = snag({"explain", rule});
    EXPECT_EQ(o.status, 0) << rule;
    EXPECT_THAT(o.out, AllOf(StartsWith(rule + ": "), HasSubstr("Example:"), HasSubstr("What to do:")));
  }
}

TEST(usage, explain_of_an_unknown_rule) {
  expect_usage_error(snag({"explain", "data-rase"}), "did you mean 'data-race'?");
  expect_usage_error(snag({"explain", "entropy"}), "there are: data-race");
}

TEST(usage, version_names_snag_llvm_and_the_hooks) {
  for (const char* word : {"version", "--version"}) {
    const outcome o = snag({word});
    EXPECT_EQ(o.status, 0);
    EXPECT_THAT(o.out, testing::MatchesRegex("snag [0-9.]+\nLLVM 19\\.[0-9.]+\nhooks [0-9]+\n"));
  }
}

TEST(usage, doctor_finds_this_machine_fit) {
  const outcome o = snag({"doctor"});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("ok    a racing program is compiled, run, and reported"));
}

TEST(usage, doctor_says_what_is_missing) {
  const scratch_directory empty;
  const outcome o = snag({"doctor"}, {.environment = {{"PATH", empty.path()}}});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.out, AllOf(HasSubstr("FAIL  no compiler"), HasSubstr("apt-get install clang-19")));
}

}  // namespace
}  // namespace snag::cli_test
