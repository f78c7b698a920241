// SPDX-License-Identifier: Apache-2.0
// An ordinary Makefile project of C and C++, with a shared and a static library, built with Snag in the place
// of its compilers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class make_project : public testing::Test {
 protected:
  make_project() {
    std::filesystem::copy(source_root() / "testprograms/projects/make", directory_.path() / "project",
                          std::filesystem::copy_options::recursive);
  }

  outcome make(const std::string& target, const std::string& flags) {
    return run({.words = {"make", target},
                .environment = {{"CXX", snag_path() + " c++" + flags}, {"CC", snag_path() + " cc" + flags}},
                .directory = directory_.path() / "project"});
  }
  outcome temperatures() { return run({.words = {directory_.path() / "project/temperatures"}}); }

  scratch_directory directory_;
};

TEST_F(make_project, its_race_between_c_and_cxx_is_reported) {
  const outcome built = make("all", " -race");
  ASSERT_EQ(built.status, 0) << testing::PrintToString(built);
  EXPECT_EQ(built.err, "");
  const outcome o = temperatures();
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "64 readings, mean 21.97\n");
  EXPECT_THAT(o.err, AllOf(HasSubstr("WARNING: DATA RACE"), HasSubstr("meter_readings"),
                           HasSubstr("meter/meter.c:"), HasSubstr("app/main.cpp:")));
}

TEST_F(make_project, make_sees_the_failure) {
  const outcome o = make("check", " -race");
  EXPECT_EQ(o.status, 2) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("Error 66"));
}

TEST_F(make_project, without_race_it_builds_and_runs_as_ever) {
  const outcome o = make("check", "");
  EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("64 readings, mean 21.97\n"));
  EXPECT_EQ(o.err, "");
}

}  // namespace
}  // namespace snag::cli_test
