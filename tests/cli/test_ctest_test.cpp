// SPDX-License-Identifier: Apache-2.0
// CTest's list of tests, as ctest --show-only=json-v1 prints it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/failure.h"
#include "cli/test_run/test_listing.h"

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

test_list listed(const std::string& tests) {
  return ctest_list_of(
      R"({"kind": "ctestInfo", "version": {"major": 1, "minor": 0}, "tests": [)" + tests + "]}", "/b");
}

TEST(ctest_list, properties_of_a_test) {
  const test_list list = listed(R"({"name": "t", "command": ["/bin/x", "1"], "properties": [
    {"name": "ENVIRONMENT", "value": ["A=1", "B=2 3", "C=c"]},
    {"name": "ENVIRONMENT_MODIFICATION", "value": ["A=path_list_prepend:/x", "B=set:4", "C=unset:", "D=string_append:d"]},
    {"name": "PASS_REGULAR_EXPRESSION", "value": ["hi", "ho"]}, {"name": "RESOURCE_LOCK", "value": ["l"]},
    {"name": "RUN_SERIAL", "value": true}, {"name": "SKIP_RETURN_CODE", "value": 77},
    {"name": "TIMEOUT", "value": 1.5}, {"name": "WILL_FAIL", "value": true},
    {"name": "WORKING_DIRECTORY", "value": "/w"}, {"name": "LABELS", "value": ["unknown to us"]}]})");
  ASSERT_EQ(list.programs.size(), 1u);
  const test_program& p = list.programs[0];
  EXPECT_THAT(p.command, ElementsAre("/bin/x", "1"));
  EXPECT_EQ(p.directory, "/w");
  EXPECT_EQ(p.variables.at("A"), "/x:1");
  EXPECT_EQ(p.variables.at("B"), "4");
  EXPECT_EQ(p.variables.at("C"), "");
  EXPECT_EQ(p.variables.at("D"), "d");
  EXPECT_EQ(p.timeout, std::chrono::milliseconds(1500));
  EXPECT_TRUE(p.ctest.will_fail);
  EXPECT_TRUE(p.ctest.serial);
  EXPECT_EQ(p.ctest.skip_status, 77);
  EXPECT_THAT(p.ctest.pass_if, ElementsAre("hi", "ho"));
  EXPECT_THAT(p.ctest.locks, ElementsAre("l"));
  EXPECT_EQ(list.cases[0].name, "t");
}

TEST(ctest_list, is_sorted_and_without_disabled_ones) {
  const test_list list = listed(R"({"name": "b", "command": ["/b"]}, {"name": "a", "command": ["/a"]},
    {"name": "off", "command": ["/o"], "properties": [{"name": "DISABLED", "value": true}]})");
  ASSERT_EQ(list.cases.size(), 2u);
  EXPECT_EQ(list.cases[0].name, "a");
  EXPECT_EQ(list.programs[list.cases[1].program].command[0], "/b");
}

TEST(ctest_list, a_program_that_was_not_built) {
  const test_list list = listed(R"({"name": "t"})");
  EXPECT_THAT(list.programs[0].problem, HasSubstr("was it built?"));
}

TEST(ctest_list, who_comes_after_whom) {
  const test_list list = listed(R"(
    {"name": "a_user", "command": ["/u"], "properties": [{"name": "FIXTURES_REQUIRED", "value": ["f"]}]},
    {"name": "b_setup", "command": ["/s"], "properties": [{"name": "FIXTURES_SETUP", "value": ["f"]}]},
    {"name": "c_cleanup", "command": ["/c"], "properties": [{"name": "FIXTURES_CLEANUP", "value": ["f"]}]},
    {"name": "d_late", "command": ["/d"], "properties": [{"name": "DEPENDS", "value": ["a_user", "nobody"]}]})");
  EXPECT_THAT(list.programs[0].ctest.needs, ElementsAre(1));
  EXPECT_THAT(list.programs[0].ctest.cleaned_by, ElementsAre(2));
  EXPECT_THAT(list.programs[2].ctest.after, ElementsAre(0));
  EXPECT_THAT(list.programs[3].ctest.after, ElementsAre(0));
}

TEST(ctest_list, what_cannot_be_read_is_refused) {
  for (const char* text : {"", "{", "[]", R"({"kind": "ctestInfo", "version": {"major": 2}, "tests": []})",
                           R"({"kind": "ctestInfo", "version": {"major": 1}, "tests": [{"command": 7}]})"})
    EXPECT_THROW(ctest_list_of(text, "/b"), failure) << text;
}

}  // namespace
}  // namespace snag::cli
