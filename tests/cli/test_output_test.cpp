// SPDX-License-Identifier: Apache-2.0
// What programs print: GoogleTest's lines as they come, its list, output without an end; and what becomes of
// how a process ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "cli/test_run/captured_output.h"
#include "cli/test_run/googletest_output.h"
#include "cli/test_run/verdicts.h"

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "start 0", "pass 0", …
std::vector<std::string> events(const std::vector<std::string>& pieces) {
  googletest_output output({"s.a", "s.b", "p/s.c/0"});
  std::vector<std::string> all;
  for (const std::string& piece : pieces)
    for (const googletest_event& e : output.feed(piece)) {
      constexpr const char* words[] = {"start ", "pass ", "fail ", "skip "};
      all.push_back(words[e.what] + std::to_string(e.number));
    }
  return all;
}

TEST(googletest_output, tells_which_test_it_is_at) {
  EXPECT_THAT(
      events({"[ RUN      ] s.a\n[       OK ] s.a (0 ms)\n[ RUN      ] s.b\n[  FAILED  ] s.b (12 ms)\n"}),
      ElementsAre("start 0", "pass 0", "start 1", "fail 1"));
  EXPECT_THAT(events({"[ RUN      ] s.a\n[  SKIPPED ] s.a (0 ms)\n"}), ElementsAre("start 0", "skip 0"));
}

TEST(googletest_output, comes_in_pieces_of_any_size) {
  const std::string text = "[ RUN      ] s.a\nsome output\n[       OK ] s.a (0 ms)\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_THAT(events({text.substr(0, cut), text.substr(cut)}), ElementsAre("start 0", "pass 0")) << cut;
}

TEST(googletest_output, a_test_may_print_without_a_newline) {
  EXPECT_THAT(events({"[ RUN      ] s.a\n50 %[       OK ] s.a (0 ms)\n"}), ElementsAre("start 0", "pass 0"));
  EXPECT_THAT(events({"[ RUN      ] s.a\n", std::string(1 << 20, 'x'), "[       OK ] s.a (0 ms)\n"}),
              ElementsAre("start 0", "pass 0"));
}

TEST(googletest_output, parameters_belong_to_the_name_or_not) {
  EXPECT_THAT(events({"[  FAILED  ] p/s.c/0, where GetParam() = (3 ms) (1 ms)\n"}), ElementsAre("fail 2"));
}

// The summary at the end, other programs' tests, and a test that prints nearly the same.
TEST(googletest_output, others_mean_nothing) {
  EXPECT_THAT(events({"[  FAILED  ] s.a\n", "[ RUN      ] other.a\n", "[  PASSED  ] 3 tests.\n",
                      "[ RUN      ] s.\n", "[       OK ] s.a\n"}),
              IsEmpty());
}

TEST(googletest_output, the_list_of_tests) {
  EXPECT_THAT(
      listed_cases("Running main() from gtest_main.cc\ns.\n  a\n  DISABLED_b\np/s.  # TypeParam = int\n"
                   "  c/0  # GetParam() = 4 # 5\nDISABLED_t.\n  d\n",
                   false),
      ElementsAre("s.a", "p/s.c/0"));
  EXPECT_THAT(listed_cases("s.\n  DISABLED_b\n", true), ElementsAre("s.DISABLED_b"));
  EXPECT_THAT(listed_cases("usage: program FILE\n  no list at all\n", false), IsEmpty());
}

TEST(captured_output, keeps_the_beginning_and_the_end) {
  captured_output output;
  output.append("begin ");
  for (int i = 0; i < 300; ++i) output.append(std::string(100'000, static_cast<char>('a' + i % 26)));
  output.append(" end");
  const std::string text = output.text();
  EXPECT_TRUE(text.starts_with("begin "));
  EXPECT_TRUE(text.ends_with(" end"));
  EXPECT_THAT(text, HasSubstr("bytes are not shown"));
  EXPECT_LT(text.size(), 2u << 20);
  EXPECT_LT(output.text(100).size(), 20'000u);
}

TEST(captured_output, what_fits_is_kept_as_it_is) {
  captured_output output;
  output.append("all of ");
  output.append("it");
  EXPECT_EQ(output.text(), "all of it");
}

struct judged {
  verdict what;
  std::string detail;
};
judged judge(process_end end, const ctest_properties& properties = {}, const std::string& output = "",
             bool gates = false, bool lost = false) {
  judged result{};
  result.what = verdict_of(end, properties, output, gates, lost, result.detail);
  return result;
}
process_end status(int n) { return {.how = {n, 0}}; }
process_end killed_by(int n) { return {.how = {128 + n, n}}; }

TEST(verdicts, of_a_plain_program) {
  EXPECT_EQ(judge(status(0)).what, verdict::passed);
  EXPECT_EQ(judge(status(1)).what, verdict::failed);
  EXPECT_EQ(judge(status(1)).detail, "ended with status 1");
  EXPECT_EQ(judge(killed_by(SIGSEGV)).what, verdict::crashed);
  EXPECT_EQ(judge(killed_by(SIGSEGV)).detail, "killed by SIGSEGV");
  EXPECT_EQ(judge({.how = {128 + SIGKILL, SIGKILL}, .timed_out = true}).what, verdict::timeout);
  EXPECT_EQ(judge({.how = {0, 0}, .asked_to_end = true}).what, verdict::unstarted);
}

TEST(verdicts, findings_count_more_than_anything) {
  for (const process_end& end :
       {status(0), status(66), killed_by(SIGSEGV), process_end{.how = {137, 9}, .timed_out = true}})
    EXPECT_EQ(judge(end, {.will_fail = true}, "", true).what, verdict::findings);
}

TEST(verdicts, a_finding_whose_report_is_lost_is_one) {
  EXPECT_EQ(judge(status(66), {}, "", false, true).what, verdict::findings);
  EXPECT_EQ(judge(status(66), {}, "", false, false).what, verdict::failed);
}

TEST(verdicts, what_ctest_knows) {
  EXPECT_EQ(judge(status(1), {.will_fail = true}).what, verdict::passed);
  EXPECT_EQ(judge(status(0), {.will_fail = true}).what, verdict::failed);
  EXPECT_EQ(judge(killed_by(SIGABRT), {.will_fail = true}).what, verdict::passed);
  EXPECT_EQ(judge(status(77), {.skip_status = 77}).what, verdict::skipped);
  EXPECT_EQ(judge(status(1), {.pass_if = {"all (is )?well"}}, "all well").what, verdict::passed);
  EXPECT_EQ(judge(status(0), {.pass_if = {"all (is )?well"}}, "nothing").what, verdict::failed);
  EXPECT_EQ(judge(status(0), {.fail_if = {"^x", "ERROR"}}, "an ERROR").what, verdict::failed);
  EXPECT_EQ(judge(status(1), {.skip_if = {"no [a-z]+ here"}}, "no network here").what, verdict::skipped);
  EXPECT_EQ(judge(status(0), {.fail_if = {"("}}, "(").what, verdict::passed);  // cannot be read
}

TEST(verdicts, the_worst_of_several_rounds) {
  EXPECT_EQ(worse(verdict::passed, verdict::skipped), verdict::passed);
  EXPECT_EQ(worse(verdict::failed, verdict::passed), verdict::failed);
  EXPECT_EQ(worse(verdict::timeout, verdict::findings), verdict::findings);
  EXPECT_EQ(worse(verdict::passed, verdict::unstarted), verdict::unstarted);
}

}  // namespace
}  // namespace snag::cli
