// SPDX-License-Identifier: Apache-2.0
// snag build.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::HasSubstr;

TEST(build, the_program_runs_by_itself) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  ASSERT_EQ(snag({"build", "-race", "-O2", "-o", app, program("race.cpp")}).status, 0);
  const outcome o = run({.words = {app}});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("WARNING: DATA RACE"));
}

TEST(build, without_o_the_program_is_named_after_its_source) {
  const scratch_directory directory;
  ASSERT_EQ(snag({"build", program("hello.cpp")}, {.directory = directory.path()}).status, 0);
  EXPECT_EQ(run({.words = {directory.path() / "hello"}}).out, "hello\n");
}

TEST(build, a_compile_error_is_1) {
  EXPECT_EQ(snag({"build", "-o", "/dev/null", program("broken.cpp")}).status, 1);
}

TEST(build, c_and_cxx_in_one_program) {
  const scratch_directory directory;
  ASSERT_EQ(snag({"build", "-std=c++17", program("mixed.cpp"), program("part.c"), "-lm"},
                 {.directory = directory.path()})
                .status,
            0);
  EXPECT_EQ(run({.words = {directory.path() / "mixed"}}).out, "5\n");
}

TEST(build, an_output_that_cannot_be_written_is_1) {
  const outcome o = snag({"build", "-o", "/nowhere/app", program("hello.cpp")});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("/nowhere/app"));
}

TEST(build, seeds_are_chosen_when_the_program_runs) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  ASSERT_EQ(snag({"build", "-o", app, program("interleaving.cpp")}).status, 0);
  std::vector<std::string> outputs;
  for (int seed = 1; seed <= 40; ++seed) {
    const command c{.words = {app}, .environment = {{"SNAG_OPTIONS", "seed=" + std::to_string(seed)}}};
    const outcome o = run(c);
    ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
    EXPECT_EQ(run(c).out, o.out) << "seed " << seed;
    outputs.push_back(o.out);
  }
  std::sort(outputs.begin(), outputs.end());
  outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
  EXPECT_GT(outputs.size(), 1u);
}

TEST(installation, works_from_its_own_place) {
  const scratch_directory directory;
  const std::filesystem::path prefix = directory.path() / "opt";
  const std::filesystem::path build = std::filesystem::path(snag_path()).parent_path().parent_path();
  const outcome installed = run({.words = {"cmake", "--install", build, "--prefix", prefix}});
  ASSERT_EQ(installed.status, 0) << testing::PrintToString(installed);
  for (const char* part : {"lib/snag/snag-plugin.so", "lib/snag/libsnag.a", "lib/snag/libsnag_race.a"})
    EXPECT_TRUE(std::filesystem::is_regular_file(prefix / part) &&
                !std::filesystem::is_symlink(prefix / part))
        << part;
  const outcome o = run({.words = {prefix / "bin/snag", "run", "-race", program("race.cpp")}});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  const std::string app = directory.path() / "app";
  EXPECT_EQ(run({.words = {prefix / "bin/snag-c++", "-race", program("race.cpp"), "-o", app}}).status, 0);
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

}  // namespace
}  // namespace snag::cli_test
