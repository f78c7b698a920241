// SPDX-License-Identifier: Apache-2.0
// The harness must be able to fail: each check of it is shown a program or a report that breaks the rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/programs/expectation.h"
#include "tests/programs/findings.h"
#include "tests/programs/process.h"

namespace programs {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* racy =
    "// verdict: race 20/20\n"
    "// race: counter\n"
    "void f() {\n"
    "  ++counter;  // <- 1\n"
    "  counter = 2;  // <- 2\n"
    "}\n";

expectation racy_program() { return parse_expectation("pairs/race_x.cpp", racy); }

finding good_race() {
  finding f{"race", "", {}, {}, {}};
  f.accesses.push_back({"counter", "counter", 7, {{"f", "/src/race_x.cpp", "", 4, false}}});
  f.accesses.push_back({"counter", "counter", 1, {{"f", "/src/race_x.cpp", "", 5, false}}});
  f.actors.push_back({7, {{"main", "/src/race_x.cpp", "", 9, false}}});
  f.actors.push_back({1, {}});
  return f;
}

TEST(expectation, reads_verdict_names_and_marks) {
  const expectation e = racy_program();
  EXPECT_EQ(e.expected.kind, verdict_kind::race);
  EXPECT_TRUE(e.expected.exact);
  EXPECT_THAT(e.race_names, testing::ElementsAre("counter"));
  EXPECT_THAT(e.marks, testing::ElementsAre(testing::Pair(4u, unsigned{side_one}),
                                            testing::Pair(5u, unsigned{side_two})));
  EXPECT_EQ(e.name(), "pairs/race_x");
}

TEST(expectation, takes_the_summary_from_the_head_of_the_file) {
  const char* source =
      "// SPDX\n// Shows a thing,\n// over two lines.\n// Lesson: none.\n// verdict: clean 20/20\n";
  EXPECT_EQ(parse_expectation("clean_x.cpp", source).summary, "Shows a thing, over two lines.");
}

TEST(expectation, reads_counts_that_depend_on_the_schedule) {
  const expectation e = parse_expectation("race_x.cpp", "// verdict: race 3+/20\n// race: a\n// <- 1 2\n");
  EXPECT_EQ(e.expected.at_least, 3);
  EXPECT_FALSE(e.expected.exact);
}

TEST(expectation, refuses_what_makes_no_sense) {
  const auto refuses = [](const char* file, const char* source) {
    EXPECT_THROW(parse_expectation(file, source), std::runtime_error) << file << "\n" << source;
  };
  refuses("clean_x.cpp", "int main() {}");
  refuses("clean_x.cpp", "// verdict: fine 20/20\n");
  refuses("clean_x.cpp", "// verdict: deadlock 20/20\n");
  refuses("race_x.cpp", "// verdict: race 20/20\n// race: x\n++x;  // <- 1\n");
  refuses("race_x.cpp", "// verdict: race 20/20\n++x;  // <- 1 2\n");
  refuses("clean_x.cpp", "// verdict: clean 20/20\n++x;  // <- 1\n");
  refuses("panic_x.cpp", "// verdict: panic 20/20\n");
  refuses("clean_x.cpp", "// verdict: clean 20/20\n// stdout: (\n");
  refuses("race_x.cpp", "// verdict: race 20/20\n// race: x\n++x;  // <- 3\n");
}

constexpr const char* inverted =
    "// verdict: clean 20/20\n"
    "// predicted: lock cycle\n"
    "a.lock();  // <- 1\n"
    "b.lock();  // <- 2\n";

TEST(expectation, reads_what_is_predicted) {
  EXPECT_EQ(parse_expectation("predicted_x.cpp", inverted).predicted, "lock cycle");
  EXPECT_THROW(parse_expectation("clean_x.cpp", inverted), std::runtime_error);
  EXPECT_THROW(parse_expectation("predicted_x.cpp", "// verdict: clean 20/20\n// predicted: lock cycle\n"),
               std::runtime_error);
}

TEST(mistake_in_prediction, wants_the_shape_and_every_marked_line_once) {
  const expectation e = parse_expectation("lock_order/predicted_x.cpp", inverted);
  finding f{"deadlock", "", {}, {}, {}};
  f.certainty = "predicted";
  f.shape = "lock cycle";
  f.waits = {{{"f", "/src/predicted_x.cpp", "", 3, false}}, {{"g", "/src/predicted_x.cpp", "", 4, false}}};
  EXPECT_THAT(mistake_in_prediction(f, e), IsEmpty());
  f.waits[1][0].line = 3;
  EXPECT_THAT(mistake_in_prediction(f, e), HasSubstr("nobody waits at line 4"));
  f.waits[1][0].line = 5;
  EXPECT_THAT(mistake_in_prediction(f, e), HasSubstr("unmarked"));
  f.waits[1][0].line = 4;
  f.certainty = "proved";
  EXPECT_THAT(mistake_in_prediction(f, e), HasSubstr("proved"));
}

TEST(mistake_in_race, accepts_the_promised_race_in_either_order) {
  finding f = good_race();
  EXPECT_THAT(mistake_in_race(f, racy_program()), IsEmpty());
  std::swap(f.accesses[0], f.accesses[1]);
  EXPECT_THAT(mistake_in_race(f, racy_program()), IsEmpty());
}

TEST(mistake_in_race, refuses_a_missing_stack) {
  finding f = good_race();
  f.accesses[1].stack.clear();
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("without a stack"));
}

TEST(mistake_in_race, refuses_another_line) {
  finding f = good_race();
  f.accesses[1].stack[0].line = 6;
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("unmarked line"));
}

TEST(mistake_in_race, refuses_two_accesses_of_one_side) {
  finding f = good_race();
  f.accesses[1].stack[0].line = 4;
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("same side"));
}

TEST(mistake_in_race, refuses_another_name) {
  finding f = good_race();
  f.accesses[0].variable = f.accesses[1].variable = "counter_of_others";
  f.accesses[0].expression = f.accesses[1].expression = "";
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("not named"));
}

TEST(mistake_in_race, takes_a_container_s_name_from_the_call_into_it) {
  finding f = good_race();
  for (access& a : f.accesses) {
    a.variable = a.expression = "_M_finish";
    a.stack.front().call = "counter.push_back(1)";
  }
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("not named"));
  for (access& a : f.accesses)
    a.stack.insert(a.stack.begin(), {"push_back", "/usr/include/vector", "", 3, false});
  EXPECT_THAT(mistake_in_race(f, racy_program()), IsEmpty());
}

TEST(mistake_in_race, refuses_an_unknown_place_of_creation) {
  finding f = good_race();
  f.actors[0].created_at.clear();
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("created"));
}

TEST(mistake_in_race, refuses_another_kind) {
  finding f = good_race();
  f.kind = "leak";
  EXPECT_THAT(mistake_in_race(f, racy_program()), HasSubstr("kind leak"));
}

TEST(run_process, gives_status_and_both_streams) {
  const process_result r =
      run_process({"sh", "-c", "echo out; echo err >&2; echo $X >&2; exit 3"}, {{"X", "y"}}, 10s);
  EXPECT_EQ(r.status, 3);
  EXPECT_EQ(r.out, "out\n");
  EXPECT_EQ(r.err, "err\ny\n");
  EXPECT_FALSE(r.timed_out);
}

TEST(run_process, kills_what_does_not_end) {
  const process_result r = run_process({"sh", "-c", "sleep 1000"}, {}, 50ms);
  EXPECT_TRUE(r.timed_out);
  EXPECT_EQ(r.status, 128 + 9);
}

}  // namespace
}  // namespace programs
