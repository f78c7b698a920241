// SPDX-License-Identifier: Apache-2.0
#include "detector/src/suppressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "detector/src/race.h"
#include "tests/detector/report/child.h"
#include "tests/detector/report/fake_core.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using snag::test::in_child;
using snag::test::outcome;
using testing::HasSubstr;
using testing::Not;

TEST(suppressions, patterns_match_parts_stars_anything_and_anchors_ends) {
  EXPECT_TRUE(matches_pattern("bump", "void app::bump(int)"));
  EXPECT_TRUE(matches_pattern("app*int", "void app::bump(int)"));
  EXPECT_TRUE(matches_pattern("^void app", "void app::bump(int)"));
  EXPECT_FALSE(matches_pattern("^app", "void app::bump(int)"));
  EXPECT_TRUE(matches_pattern("(int)$", "void app::bump(int)"));
  EXPECT_FALSE(matches_pattern("bump$", "void app::bump(int)"));
  EXPECT_TRUE(matches_pattern("^a*b*c$", "aXbXbXc"));
  EXPECT_FALSE(matches_pattern("^a*b*c$", "aXcXb"));
  EXPECT_FALSE(matches_pattern("bump", ""));
  EXPECT_TRUE(matches_pattern("*", "x"));
}

TEST(suppressions, a_race_is_covered_by_functions_files_and_variables_of_either_side) {
  const finding f = fake::counter_finding();
  const auto covered = [&](const char* text) {
    suppression_list list;
    EXPECT_EQ(list.add(text), "");
    return list.covering(f) != suppression_list::none;
  };
  EXPECT_TRUE(covered("race:bump\n"));
  EXPECT_TRUE(covered("# known since spring\n\n  race: ^app.cpp$  \n"));
  EXPECT_TRUE(covered("race:^counter$"));
  EXPECT_TRUE(covered("race_top:bump"));
  EXPECT_TRUE(covered("race_top:^main$"));  // of the previous access
  EXPECT_FALSE(covered("race_top:operator()"));
  EXPECT_FALSE(covered("race:elsewhere\ndeadlock:bump\ncalled_from_lib:app"));
  EXPECT_FALSE(covered(""));
}

TEST(suppressions, a_misuse_is_covered_by_its_kind_and_one_that_lacks_an_order_as_a_race_too) {
  finding f = fake::counter_finding();
  f.kind = finding_kind::misuse;
  const auto covered = [&](const char* text) {
    suppression_list list;
    EXPECT_EQ(list.add(text), "");
    return list.covering(f) != suppression_list::none;
  };
  f.rule = "unlock-by-another";
  f.accesses[0].type = "mutex";
  EXPECT_TRUE(covered("misuse:bump"));
  EXPECT_TRUE(covered("mutex:bump"));
  EXPECT_FALSE(covered("race:bump"));
  f.rule = "send-on-closed-channel";
  f.accesses[0].type = "channel";
  EXPECT_TRUE(covered("misuse:bump"));
  EXPECT_FALSE(covered("mutex:bump"));
  EXPECT_FALSE(covered("race:bump"));
  f.rule = "send-beside-close";
  EXPECT_TRUE(covered("misuse:bump"));
  EXPECT_TRUE(covered("race:bump"));
  EXPECT_TRUE(covered("race_top:bump"));
}

TEST(suppressions, a_standstill_is_covered_by_who_waits_where_and_for_what) {
  const auto covered = [](const finding& f, const char* text) {
    suppression_list list;
    EXPECT_EQ(list.add(text), "");
    return list.covering(f) != suppression_list::none;
  };
  const finding cycle = fake::lock_cycle_finding(), left = fake::still_running_finding(),
                thread = fake::thread_not_joined_finding();
  EXPECT_TRUE(covered(cycle, "deadlock:transfer"));      // waits there
  EXPECT_TRUE(covered(cycle, "deadlock:^yours.m$"));     // waits for it
  EXPECT_TRUE(covered(cycle, "deadlock:^main$"));        // was started there
  EXPECT_TRUE(covered(cycle, "deadlock:snag::go([&]"));  // by that call
  EXPECT_FALSE(covered(cycle, "deadlock:elsewhere\nleak:transfer\nthread:transfer\nrace:transfer"));
  EXPECT_TRUE(covered(left, "leak:transfer"));
  EXPECT_FALSE(covered(left, "deadlock:transfer\nthread:transfer"));
  EXPECT_TRUE(covered(thread, "thread:^worker$"));
  EXPECT_FALSE(covered(thread, "leak:worker"));
}

TEST(suppressions, mistakes_name_their_line) {
  suppression_list list;
  EXPECT_EQ(list.add("race:a\n\nraces:b\n"),
            "line 3: unknown kind 'races'; known: race, race_top, mutex, misuse, deadlock, leak, thread");
  EXPECT_EQ(list.add("race:"), "line 1: expected race:PATTERN or race_top:PATTERN");
  EXPECT_EQ(list.add("bump"), "line 1: expected race:PATTERN or race_top:PATTERN");
}

class suppressions_file : public testing::Test {
 protected:
  suppressions_file() : path_(testing::TempDir() + "suppressions." + std::to_string(getpid())) {}
  ~suppressions_file() override { std::remove(path_.c_str()); }
  void write(const char* text) { std::ofstream(path_) << text; }
  outcome reports(const char* format = "text") const {
    return in_child([&] {
      fake::the_world().options = {{"suppressions", path_}, {"report_format", format}};
      start_reporter();
      const auto r = fake::make_counter_race();
      for (int i = 0; i < 3; ++i) report(r.race);
    });
  }
  const std::string path_;
};

TEST_F(suppressions_file, what_it_covers_is_counted_and_does_not_gate) {
  write("race:bump\n");
  const outcome o = reports();
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.err, "Found 0 data race(s)\n  1 suppressed, seen 3 times\n");
  const outcome as_json = reports("json");
  EXPECT_EQ(as_json.status, 0);
  EXPECT_THAT(as_json.err, HasSubstr("\"suppressed\": 1\n"));
  EXPECT_THAT(as_json.err, HasSubstr("\"findings\": []"));
}

TEST_F(suppressions_file, what_it_does_not_cover_is_reported) {
  write("race:something_else\n");
  const outcome o = reports();
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.err, HasSubstr("Found 1 data race(s)"));
  EXPECT_THAT(o.err, Not(HasSubstr("suppressed")));
}

TEST_F(suppressions_file, each_rule_has_its_hits_and_what_nothing_needs_is_said) {
  write("# known\nrace:something_else\nrace:bump\nrace:counter\n");
  const outcome o = reports();
  EXPECT_EQ(o.status, 0);
  EXPECT_THAT(o.err, HasSubstr("  unused suppression, line 2: race:something_else\n"
                               "  unused suppression, line 4: race:counter\n"));
  EXPECT_THAT(o.err, Not(HasSubstr("line 3")));
  EXPECT_THAT(reports("json").err, HasSubstr("{ \"rule\": \"race:bump\", \"line\": 3, \"count\": 3 }"));
}

TEST_F(suppressions_file, that_cannot_be_read_ends_the_program) {
  const outcome none = reports();
  EXPECT_EQ(none.status, 64);
  EXPECT_THAT(none.err, HasSubstr("cannot be read: No such file or directory"));
  write("race bump\n");
  const outcome wrong = reports();
  EXPECT_EQ(wrong.status, 64);
  EXPECT_THAT(wrong.err, HasSubstr(path_ + ": line 1: expected race:PATTERN"));
}

}  // namespace
}  // namespace snag::detector
