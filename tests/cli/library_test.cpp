// SPDX-License-Identifier: Apache-2.0
// An instrumented library that is opened while the program runs finds all that it calls in the program, and
// what is said of it outlives its being closed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(opened_library, is_checked_and_may_be_closed) {
  const scratch_directory directory;
  const auto library = directory.path() / "libopened.so", opener = directory.path() / "opener";
  const outcome compiled =
      snag({"c++", "-race", "-std=c++20", "-fPIC", "-shared", program("opened_library.cpp"), "-o", library});
  ASSERT_EQ(compiled.status, 0) << testing::PrintToString(compiled);
  const outcome linked = snag({"c++", "-race", program("opens_library.cpp"), "-o", opener});
  ASSERT_EQ(linked.status, 0) << testing::PrintToString(linked);

  const outcome o = run({.words = {opener, library}});
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_EQ(o.out, "got 1, closed with 0\n");
  EXPECT_THAT(o.err, AllOf(HasSubstr("WARNING: DATA RACE"), HasSubstr("raced_in_the_library"),
                           HasSubstr("Found 1 data race(s)")));
}

// The library, one that needs it, and a program whose two threads open them at once.
class opened_by_two : public testing::Test {
 protected:
  void SetUp() override {
    compile({"-shared", "-fPIC", program("constructed_library.cpp"), "-o", library_});
    compile({"-shared", "-fPIC", "-DNEEDING_ANOTHER", program("constructed_library.cpp"), library_, "-o",
             needing_});
    compile({program("two_open_library.cpp"), "-o", opener_});
  }
  void compile(std::vector<std::string> words) {
    words.insert(words.begin(), {"c++", "-race", "-O2"});
    const outcome o = snag(words);
    ASSERT_EQ(o.status, 0) << testing::PrintToString(o);
  }

  const scratch_directory directory_;
  const std::string library_ = directory_.path() / "libconstructed.so",
                    needing_ = directory_.path() / "libneeding.so", opener_ = directory_.path() / "opener";
};

TEST_F(opened_by_two, constructors_come_before_either_goes_on) {
  for (int i = 0; i < 10; ++i) {
    const outcome o = run({.words = {opener_, library_, "read_constructed", library_, "read_constructed"}});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  }
}

TEST_F(opened_by_two, also_those_of_a_library_that_another_needs) {
  for (int i = 0; i < 10; ++i) {
    const outcome o = run({.words = {opener_, needing_, "read_indirectly", library_, "read_constructed"}});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
  }
}

TEST_F(opened_by_two, what_both_write_afterwards_is_a_race) {
  for (int i = 0; i < 10; ++i) {
    const outcome o = run({.words = {opener_, library_, "write_constructed", library_, "write_constructed"}});
    EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
    EXPECT_THAT(o.err, HasSubstr("constructed_table"));
  }
}

}  // namespace
}  // namespace snag::cli_test
