// SPDX-License-Identifier: Apache-2.0
// snag run --seeds finds the schedule that deadlocks; snag graph draws it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(graph, seeds_are_tried_until_one_deadlocks_and_its_graph_is_drawn) {
  const scratch_directory folder;
  const std::string report = folder.path() / "report.json", picture = folder.path() / "picture.svg";
  const outcome tried = snag({"run", "-race", "--seeds", "50", "--format", "json", "--log-path", report,
                              program("crossed_locks.cpp")});
  EXPECT_EQ(tried.status, 2) << testing::PrintToString(tried);
  EXPECT_THAT(tried.err, HasSubstr("ended with status 2; --seed "));
  EXPECT_THAT(read_file(report), HasSubstr("\"certainty\": \"proved\""));

  EXPECT_EQ(snag({"graph", report, "-o", picture}).status, 0);
  EXPECT_THAT(read_file(picture),
              AllOf(StartsWith("<svg "), HasSubstr("mutex mine"), HasSubstr("mutex yours"),
                    HasSubstr("held since crossed_locks.cpp:")));
  const outcome dot = snag({"graph", "--format", "dot", report});
  EXPECT_THAT(dot.out, AllOf(StartsWith("digraph"), HasSubstr("mutex yours")));
  EXPECT_EQ(snag({"graph", "--format", "dot", "-"}, {.input = read_file(report)}).out, dot.out);
}

TEST(graph, seeds_that_all_pass_say_so) {
  const outcome o = snag({"run", "--seeds", "3", program("hello.cpp"), "--", "one"});
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(occurrences(o.out, "hello\n"), 3u);
  EXPECT_EQ(o.err, "snag: all 3 seeds ended with status 0\n");
  EXPECT_EQ(snag({"run", "--seeds", "0", program("hello.cpp")}).status, 64);
  EXPECT_EQ(snag({"run", "--seeds", "2", "--seed", "1", program("hello.cpp")}).status, 64);
}

TEST(graph, what_cannot_be_drawn_is_said) {
  const scratch_directory folder;
  EXPECT_THAT(snag({"graph", "no/such.json"}).err, HasSubstr("no/such.json cannot be read: No such file"));
  EXPECT_EQ(snag({"graph"}).status, 64);
  const outcome broken = snag({"graph", folder.write("broken.json", "{\"schema\"")});
  EXPECT_EQ(broken.status, 64);
  EXPECT_THAT(broken.err, AllOf(HasSubstr("broken.json cannot be read"), Not(HasSubstr("internal error"))));
  const std::string none = folder.write("none.json", R"({"schema": "snag-findings/5", "findings": []})");
  const outcome nothing = snag({"graph", none, "-o", folder.path() / "picture.svg"});
  EXPECT_EQ(nothing.status, 0);
  EXPECT_THAT(nothing.err, HasSubstr("nothing to draw"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "picture.svg"));
}

}  // namespace
}  // namespace snag::cli_test
