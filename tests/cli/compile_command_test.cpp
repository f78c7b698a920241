// SPDX-License-Identifier: Apache-2.0
#include "cli/compile_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/failure.h"

namespace snag::cli {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

const installation parts("/opt/snag");

command_line command(bool race, arguments user, bool cxx = true) {
  return clang_command(parts, "/usr/bin/clang", {.cxx = cxx, .race = race, .user = std::move(user)});
}

std::ptrdiff_t position(const command_line& c, const std::string& word) {
  return std::find(c.begin(), c.end(), word) - c.begin();
}

std::string refusal(bool race, arguments user) {
  try {
    command(race, std::move(user));
  } catch (const failure& error) {
    EXPECT_EQ(error.status(), exit_usage);
    return error.what();
  }
  return "";
}

TEST(compile_command, race_adds_the_plugin_and_the_detector) {
  const command_line c = command(true, {"a.cpp"});
  EXPECT_THAT(c, Contains("-fplugin=/opt/snag/lib/snag/snag-plugin.so"));
  EXPECT_THAT(c, Contains("/opt/snag/lib/snag/libsnag_race.a"));
  EXPECT_THAT(c, Contains("/opt/snag/lib/snag/libsnag.a"));
  EXPECT_THAT(c, Contains("-gline-tables-only"));
}

TEST(compile_command, the_last_race_checks_reaches_the_plugin) {
  const command_line all = command(true, {"-race-checks=small", "-race-checks=all", "a.cpp"});
  EXPECT_THAT(all, Contains("-fplugin-arg-snag-no-opt"));
  EXPECT_THAT(all, Each(Not(StartsWith("-race-checks"))));
  EXPECT_THAT(all, Each(Not(HasSubstr("inline=none"))));
  EXPECT_THAT(command(true, {"a.cpp", "-race-checks=small"}), Contains("-fplugin-arg-snag-inline=none"));
  EXPECT_THAT(command(true, {"-race-checks=all", "-race-checks=usual", "a.cpp"}),
              Each(Not(StartsWith("-fplugin-arg"))));
  EXPECT_THAT(command(false, {"-race-checks=all", "a.cpp"}), Each(Not(StartsWith("-fplugin"))));
}

TEST(compile_command, without_race_there_is_the_runtime_only) {
  const command_line c = command(false, {"a.cpp"});
  EXPECT_THAT(c, Each(Not(StartsWith("-fplugin"))));
  EXPECT_THAT(c, Each(Not(HasSubstr("libsnag_race.a"))));
  EXPECT_THAT(c, Contains("/opt/snag/lib/snag/libsnag.a"));
}

TEST(compile_command, directories_of_the_system_are_not_named) {
  EXPECT_THAT(command(true, {"a.cpp"}), Contains("/opt/snag/include"));
  for (const char* prefix : {"/usr", "/usr/local"}) {
    const command_line c = clang_command(installation(prefix), "/usr/bin/clang", {.user = {"a.cpp"}});
    EXPECT_THAT(c, Each(Not(StartsWith("-isystem")))) << prefix;
    EXPECT_THAT(compile_flags(installation(prefix)), Each(Not(HasSubstr("/include")))) << prefix;
  }
}

TEST(compile_command, compiling_alone_links_nothing) {
  const command_line c = command(true, {"-c", "a.cpp"});
  EXPECT_THAT(c, Contains(StartsWith("-fplugin")));
  EXPECT_THAT(c, Each(Not(HasSubstr(".a"))));
  EXPECT_EQ(c.back(), "a.cpp");
}

TEST(compile_command, linking_objects_needs_no_source) {
  EXPECT_THAT(command(true, {"a.o", "-o", "app"}), Contains("/opt/snag/lib/snag/libsnag_race.a"));
}

TEST(compile_command, a_shared_library_takes_the_hooks_from_the_executable) {
  const command_line c = command(true, {"-shared", "-Wl,-z,defs", "a.o", "-o", "l.so"});
  EXPECT_THAT(c, Each(Not(HasSubstr("libsnag"))));
  EXPECT_LT(position(c, "-Wl,-z,defs"), position(c, "undefs"));
}

TEST(compile_command, a_question_stays_a_question) {
  EXPECT_THAT(command(true, {"-v"}), Each(Not(HasSubstr("libsnag"))));
}

TEST(compile_command, cxx20_unless_the_user_names_a_standard_or_the_source_is_c) {
  EXPECT_THAT(command(false, {"a.cpp"}), Contains("-std=c++20"));
  EXPECT_THAT(command(false, {"-std=c++23", "a.cpp"}), Not(Contains("-std=c++20")));
  EXPECT_THAT(command(false, {"a.c"}, false), Not(Contains("-std=c++20")));
  EXPECT_THAT(command(false, {"-x", "c", "-"}), Not(Contains("-std=c++20")));
}

TEST(compile_command, the_users_debug_level_stands) {
  EXPECT_THAT(command(true, {"-g", "a.cpp"}), Not(Contains("-gline-tables-only")));
}

TEST(compile_command, the_users_options_come_after_ours_and_libraries_last) {
  const command_line c = command(true, {"-fomit-frame-pointer", "a.cpp"});
  EXPECT_LT(position(c, "-fno-omit-frame-pointer"), position(c, "-fomit-frame-pointer"));
  EXPECT_LT(position(c, "a.cpp"), position(c, "/opt/snag/lib/snag/libsnag.a"));
}

TEST(compile_command, libraries_stay_before_two_dashes) {
  const command_line c = command(true, {"-O1", "--", "-odd-name.cpp"});
  EXPECT_LT(position(c, "/opt/snag/lib/snag/libsnag.a"), position(c, "--"));
  EXPECT_EQ(c.back(), "-odd-name.cpp");
}

TEST(compile_command, c_links_the_cxx_library_that_the_archives_need) {
  EXPECT_THAT(command(true, {"a.c"}, false), Contains("-lstdc++"));
  EXPECT_THAT(command(true, {"a.cpp"}, true), Not(Contains("-lstdc++")));
}

TEST(compile_command, a_program_without_libraries_stays_without) {
  EXPECT_THAT(command(true, {"-nostdlib", "a.o"}), Each(Not(HasSubstr("libsnag"))));
}

TEST(compile_command, what_cannot_work_is_refused_with_a_reason) {
  EXPECT_THAT(refusal(true, {"-fsanitize=thread", "a.cpp"}), HasSubstr("-fsanitize=thread"));
  EXPECT_EQ(refusal(false, {"-fsanitize=thread", "a.cpp"}), "");
  EXPECT_THAT(refusal(true, {"-static", "a.cpp"}), HasSubstr("-static"));
  EXPECT_EQ(refusal(true, {"-static", "-c", "a.cpp"}), "");
  EXPECT_THAT(refusal(true, {"-m32", "a.cpp"}), HasSubstr("x86-64"));
  EXPECT_THAT(refusal(true, {"-race-checks=few", "a.cpp"}), HasSubstr("-race-checks=usual"));
}

TEST(compile_command, our_own_library_is_linked_beside_libcxx) {
  EXPECT_THAT(command(true, {"-stdlib=libc++", "a.cpp"}), IsSupersetOf({"-Xlinker", "-lstdc++"}));
  EXPECT_THAT(command(true, {"a.cpp"}), Not(Contains("-lstdc++")));
}

}  // namespace
}  // namespace snag::cli
