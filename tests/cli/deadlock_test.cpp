// SPDX-License-Identifier: Apache-2.0
// -deadlock: the search for deadlocks and leaks alone, by Snag's clang and by another compiler.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Threads that wait for ever end no program by themselves.
const variables stops_at_the_first = {{"SNAG_OPTIONS", "halt_on_error=1"}};
const char* const in_both_orders = "threads_lock_in_both_orders.cpp";

auto tells_of_the_cycle() {
  return AllOf(HasSubstr("WARNING: DEADLOCK (lock cycle)"), HasSubstr("to lock mutex left: held by thread"),
               HasSubstr("to lock mutex right: held by thread"),
               HasSubstr("threads_lock_in_both_orders.cpp:11"),
               HasSubstr("threads_lock_in_both_orders.cpp:14"), HasSubstr("created at:"));
}

TEST(deadlock, threads_that_lock_in_both_orders_are_reported_without_checks_of_accesses) {
  for (const char* level : {"-O0", "-O2"}) {
    const outcome o =
        snag({"run", "-deadlock", level, program(in_both_orders)}, {.environment = stops_at_the_first});
    EXPECT_EQ(o.status, 66) << level << testing::PrintToString(o);
    EXPECT_THAT(o.err, tells_of_the_cycle()) << level;
  }
}

TEST(deadlock, the_mended_program_is_silent) {
  const outcome o = snag({"run", "-deadlock", program(in_both_orders), "--", "mended"});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_EQ(o.err, "");
}

TEST(deadlock, races_are_not_looked_for) {
  const outcome o =
      snag({"run", "-deadlock", program("race.cpp")}, {.environment = {{"SNAG_OPTIONS", "audit=1"}}});
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(Not(HasSubstr("WARNING")), HasSubstr("deadlocks and leaks alone"),
                           HasSubstr("accesses were not checked")));
}

TEST(deadlock, another_compiler_needs_no_more_than_the_flags_that_are_printed) {
  const outcome flags = snag({"flags", "-deadlock"});
  ASSERT_EQ(flags.status, 0) << testing::PrintToString(flags);
  const scratch_directory directory;
  const std::string app = directory.path() / "app";
  for (const char* level : {"-O0", "-O2"}) {
    std::vector<std::string> words{"g++", "-std=c++20", "-g1", level, program(in_both_orders), "-o", app};
    std::istringstream line(flags.out);
    for (std::string word; line >> word;) words.push_back(word);
    const outcome built = run({.words = words});
    ASSERT_EQ(built.status, 0) << testing::PrintToString(built);
    const outcome o = run({.words = {app}, .environment = stops_at_the_first});
    EXPECT_EQ(o.status, 66) << level << testing::PrintToString(o);
    EXPECT_THAT(o.err, tells_of_the_cycle()) << level;
    EXPECT_EQ(run({.words = {app, "mended"}}).status, 0) << level;
  }
}

TEST(deadlock, the_plugin_cannot_be_printed) {
  const outcome o = snag({"flags", "-race"});
  EXPECT_EQ(o.status, 64);
  EXPECT_THAT(o.err, HasSubstr("snag c++ -race"));
}

}  // namespace
}  // namespace snag::cli_test
