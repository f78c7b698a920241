// SPDX-License-Identifier: Apache-2.0
// snag c++ and snag cc in the place of a compiler.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string clang = "clang++-19";

TEST(driver, compiles_and_links_in_separate_steps) {
  const scratch_directory directory;
  const std::string object = directory.path() / "race.o", app = directory.path() / "app";
  outcome o = snag({"c++", "-race", "-c", program("race.cpp"), "-o", object});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
  o = snag({"c++", "-race", object, "-o", app});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

TEST(driver, our_plugin_named_by_its_path_means_race) {
  const scratch_directory directory;
  const std::string plugin = "-fplugin=/elsewhere/lib/snag/snag-plugin.so";
  const std::string object = directory.path() / "race.o", app = directory.path() / "app";
  ASSERT_EQ(snag({"c++", plugin, "-c", program("race.cpp"), "-o", object}).status, 0);
  const outcome o = snag({"c++", plugin, "-race", object, "-o", app});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

TEST(driver, assembles) {
  const scratch_directory directory;
  const std::string end = "\n.section .note.GNU-stack,\"\",@progbits\n";
  const std::string plain = directory.write("plain.s", ".globl one\none: mov $1, %eax\n ret" + end);
  const std::string preprocessed =
      directory.write("two.S", "#define NAME two\n.globl NAME\nNAME: mov $2, %eax\n ret" + end);
  const std::string source =
      directory.write("sum.cpp", "extern \"C\" int one(), two();\nint main() { return one() + two(); }\n");
  const std::string app = directory.path() / "app";
  for (const char* driver : {"c++", "cc"}) {
    const outcome o = snag({driver, "-race", "-c", preprocessed, "-o", directory.path() / "two.o"});
    ASSERT_EQ(o.status, 0) << driver << testing::PrintToString(o);
    EXPECT_EQ(o.err, "");
  }
  const outcome o = snag({"c++", "-race", source, plain, directory.path() / "two.o", "-o", app});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
  EXPECT_EQ(run({.words = {app}}).status, 3);
  const outcome both = snag({"c++", "-race", source, plain, preprocessed, "-o", app});
  ASSERT_EQ(both.status, 0) << testing::PrintToString(both);
  EXPECT_EQ(run({.words = {app}}).status, 3);
}

TEST(driver, diagnostics_and_status_are_clangs) {
  const outcome ours = snag({"c++", "-race", "-Weverything", "-fsyntax-only", program("broken.cpp")});
  const outcome clangs =
      run({.words = {clang, "-std=c++20", "-Weverything", "-fsyntax-only", program("broken.cpp")}});
  EXPECT_EQ(ours.status, clangs.status);
  EXPECT_EQ(ours.err, clangs.err);
}

TEST(driver, questions_are_answered_by_clang) {
  for (const char* question : {"--version", "-dumpmachine", "-print-resource-dir", "-v"}) {
    const outcome ours = snag({"c++", "-race", question}), clangs = run({.words = {clang, question}});
    EXPECT_EQ(ours.status, clangs.status) << question;
    EXPECT_EQ(ours.out, clangs.out) << question;
    EXPECT_EQ(ours.err, clangs.err) << question;
  }
}

TEST(driver, preprocesses_and_assembles) {
  const outcome o = snag({"c++", "-race", "-E", "-P", "-x", "c++", "-"}, {.input = "__cplusplus\n"});
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.out, "202002L\n");
  EXPECT_THAT(snag({"c++", "-S", "-o", "-", "-x", "c++", "-"}, {.input = "int f() { return 42; }"}).out,
              HasSubstr("$42"));
}

TEST(driver, standard_input_without_a_language_is_c) {
  for (const char* driver : {"c++", "cc"}) {
    const outcome o = snag({driver, "-race", "-E", "-dM", "-"});
    EXPECT_EQ(o.status, 0) << driver << testing::PrintToString(o);
    EXPECT_EQ(o.out, run({.words = {clang, "-E", "-dM", "-"}}).out) << driver;
  }
}

TEST(driver, writes_dependencies) {
  const scratch_directory directory;
  const std::string object = directory.path() / "x.o", dependencies = directory.path() / "x.d";
  ASSERT_EQ(
      snag({"c++", "-race", "-MMD", "-MF", dependencies, "-c", program("mixed.cpp"), "-o", object}).status,
      0);
  EXPECT_THAT(read_file(dependencies), AllOf(HasSubstr("x.o:"), HasSubstr("mixed.cpp")));
  EXPECT_THAT(snag({"cc", "-MM", program("part.c")}).out, HasSubstr("part.o:"));
}

TEST(driver, headers_are_precompiled_for_the_sources_that_include_them) {
  const scratch_directory directory;
  const std::string header = directory.write("all.h", "#include <snag/snag.h>\n#include <string>\n");
  const std::string app = directory.path() / "app";
  outcome o = snag({"c++", "-race", "-x", "c++-header", header, "-o", header + ".pch"});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  o = snag({"c++", "-race", "-include-pch", header + ".pch", program("race.cpp"), "-o", app});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

TEST(driver, intermediate_files_that_would_lose_the_races_are_refused) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  const outcome o =
      snag({"c++", "-race", "-save-temps", program("race.cpp"), "-o", app}, {.directory = directory.path()});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("cannot be combined with -save-temps"));
  EXPECT_EQ(
      snag({"c++", "-save-temps", program("race.cpp"), "-o", app}, {.directory = directory.path()}).status,
      0);
}

TEST(driver, response_files_work) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  const std::string file =
      directory.write("args.rsp", "-O1 \"" + program("race.cpp") + "\" -o '" + app + "'\n");
  const outcome o = snag({"c++", "-race", "@" + file});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

TEST(driver, a_language_named_with_x_does_not_reach_the_archives) {
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  const outcome o =
      snag({"c++", "-race", "-x", "c++", "-", "-o", app}, {.input = "int main() { return 3; }"});
  ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(run({.words = {app}}).status, 3);
}

TEST(driver, works_under_its_installed_names) {
  const scratch_directory directory;
  const std::filesystem::path bin = std::filesystem::path(snag_path()).parent_path();
  const std::string app = directory.path() / "app";
  ASSERT_EQ(run({.words = {bin / "snag-c++", "-race", program("race.cpp"), "-o", app}}).status, 0);
  EXPECT_EQ(run({.words = {app}}).status, 66);
  ASSERT_EQ(run({.words = {bin / "snag-cc", "-race", program("race.c"), "-o", app}}).status, 0);
  EXPECT_EQ(run({.words = {app}}).status, 66);
}

TEST(driver, found_through_a_link_from_elsewhere) {
  const scratch_directory directory;
  std::filesystem::create_symlink(snag_path(), directory.path() / "snag-c++");
  const std::string app = directory.path() / "app";
  const outcome o = run({.words = {directory.path() / "snag-c++", "-race", program("race.cpp"), "-o", app}});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
}

TEST(driver, warnings_are_errors_in_the_users_code_only) {
  const outcome o = snag({"c++", "-race", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
                          "-Werror", "-c", program("race.cpp"), "-o", "/dev/null"});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
}

TEST(driver, an_older_standard_is_named_as_the_reason) {
  const outcome o = snag({"c++", "-std=c++17", "-fsyntax-only", program("race.cpp")});
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("Snag's headers need C++20"));
}

TEST(driver, other_sanitizers_are_refused_with_race_only) {
  const outcome o = snag({"c++", "-race", "-fsanitize=address", "-c", program("race.cpp")});
  EXPECT_EQ(o.status, 64);
  EXPECT_THAT(o.err, HasSubstr("-fsanitize=address"));
  const outcome undefined =
      snag({"c++", "-race", "-fsanitize=undefined", "-c", program("race.cpp"), "-o", "/dev/null"});
  EXPECT_EQ(undefined.status, 0) << testing::PrintToString(undefined);
}

TEST(driver, configure_scripts_see_a_working_compiler) {
  const scratch_directory directory;
  const std::string app = directory.path() / "conftest";
  ASSERT_EQ(snag({"cc", "-race", "-x", "c", "-", "-o", app, "-lm"},
                 {.input = "#include <math.h>\nint main(int n, char** v) { return (int)sqrt(n) - 1; }"})
                .status,
            0);
  EXPECT_EQ(run({.words = {app}}).status, 0);
}

}  // namespace
}  // namespace snag::cli_test
