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

}  // namespace
}  // namespace snag::cli_test
