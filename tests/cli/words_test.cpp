// SPDX-License-Identifier: Apache-2.0
// runtime_options.h and spelling.h.
#include <gtest/gtest.h>

#include <array>

#include "cli/failure.h"
#include "cli/runtime_options.h"
#include "cli/spelling.h"

namespace snag::cli {
namespace {

TEST(runtime_options, the_command_line_comes_last_and_so_wins) {
  EXPECT_EQ(merge_options("seed=1 halt_on_error=1:exitcode=3", {{"seed", "2"}}),
            "seed=1 halt_on_error=1:exitcode=3 seed=2");
  EXPECT_EQ(merge_options("", {{"a", "1"}, {"b", "2"}}), "a=1 b=2");
}

TEST(runtime_options, values_that_would_fall_apart_are_quoted) {
  EXPECT_EQ(merge_options("", {{"log_path", "two words"}}), "log_path=\"two words\"");
  EXPECT_EQ(merge_options("", {{"log_path", "a:b"}}), "log_path=\"a:b\"");
  EXPECT_EQ(merge_options("", {{"log_path", "say \"x\""}}), "log_path='say \"x\"'");
  EXPECT_THROW(merge_options("", {{"log_path", "'\""}}), failure);
}

TEST(spelling, near_words_are_suggested_and_far_ones_are_not) {
  constexpr std::array<std::string_view, 3> known = {"run", "build", "explain"};
  EXPECT_EQ(nearest("rnu", known), "run");
  EXPECT_EQ(nearest("biuld", known), "build");
  EXPECT_EQ(nearest("explian", known), "explain");
  EXPECT_EQ(nearest("deploy", known), "");
  EXPECT_EQ(suggestion("deploy", known), "");
}

}  // namespace
}  // namespace snag::cli
