// SPDX-License-Identifier: Apache-2.0
#include "detector/src/reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/detector/report/child.h"
#include "tests/detector/report/races.h"

extern "C" void snag_set_current_test(const char* name) noexcept;

namespace snag::detector {
namespace {

using test::in_child;
using test::outcome;
using testing::HasSubstr;
using testing::Not;

int occurrences_of(const std::string& needle, const std::string& text) {
  int n = 0;
  for (std::size_t at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) ++n;
  return n;
}

outcome with_options(std::map<std::string, std::string> options, const std::function<void()>& body) {
  return in_child([&] {
    fake::reset();
    fake::the_world().options = std::move(options);
    start_reporter();
    body();
  });
}

TEST(reporter, prints_a_race_once_and_counts_it) {
  const outcome o = with_options({}, [] {
    const auto r = fake::make_counter_race();
    for (int i = 0; i < 1000; ++i) report(r.race);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 1);
  EXPECT_THAT(o.err, HasSubstr("Found 1 data race(s)\n  999 repetitions of the same not shown\n"));
  EXPECT_THAT(o.err, HasSubstr("Write at 0x"));
  EXPECT_THAT(o.err, HasSubstr("by goroutine 7:\n  bump()\n      app.cpp:12:10  counter++\n"));
}

TEST(reporter, the_two_sides_may_come_in_either_order) {
  const outcome o = with_options({}, [] {
    auto r = fake::make_counter_race();
    report(r.race);
    std::swap(r.race.current, r.race.previous);
    report(r.race);
  });
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 1);
}

TEST(reporter, the_same_lines_racing_on_another_object_are_another_race) {
  static int first_global, second_global;
  const outcome o = with_options({}, [] {
    auto r = fake::make_counter_race();
    // A helper with a reference parameter: sites say "x", the objects have their names from the symbol table.
    for (const hooks::site** s : {&r.race.current.site, &r.race.previous.site})
      *s = fake::add_site({.kind = hooks::site_kind::write,
                           .line = 9,
                           .size = 4,
                           .file = "app.cpp",
                           .function = "add(int&)",
                           .expression = "x",
                           .variable = "x"});
    for (int* object : {&first_global, &second_global, &first_global}) {
      r.race.address = reinterpret_cast<std::uint64_t>(object);
      report(r.race);
    }
  });
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 2);
  EXPECT_THAT(o.err, HasSubstr("Found 2 data race(s)\n  1 repetition"));
}

TEST(reporter, races_from_many_threads_are_all_counted) {
  const outcome o = with_options({}, [] {
    const auto r = fake::make_counter_race();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) report(r.race);
      });
    for (std::thread& t : threads) t.join();
  });
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 1);
  EXPECT_THAT(o.err, HasSubstr("1999 repetitions of the same not shown"));
}

TEST(reporter, max_reports_limits_what_is_shown_not_what_counts) {
  const outcome o = with_options({{"max_reports", "1"}}, [] {
    auto r = fake::make_counter_race();
    report(r.race);
    r.race.current.site = fake::add_site({.kind = hooks::site_kind::write,
                                          .line = 80,
                                          .size = 4,
                                          .file = "app.cpp",
                                          .function = "other()",
                                          .variable = "counter"});
    report(r.race);
    report(r.race);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 1);
  EXPECT_THAT(o.err, HasSubstr("Found 2 data race(s)\n"));
  EXPECT_THAT(o.err, HasSubstr("1 not shown (max_reports)\n"));
}

TEST(reporter, halt_on_error_ends_the_process_at_the_first_race) {
  const outcome o = with_options({{"halt_on_error", "1"}}, [] {
    printf("before\n");
    report(fake::make_counter_race().race);
    printf("after\n");
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(o.out, "before\n");
  EXPECT_EQ(occurrences_of("WARNING: DATA RACE", o.err), 1);
  EXPECT_THAT(o.err, Not(HasSubstr("Found")));  // as Go
}

TEST(reporter, halt_on_error_goes_on_after_what_does_not_gate) {
  const outcome o = with_options({{"halt_on_error", "1"}, {"fail_on", "deadlock"}}, [] {
    report(fake::make_counter_race().race);
    printf("after\n");
  });
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.out, "after\n");
}

TEST(reporter, what_was_predicted_and_then_happens_is_told_again_and_gates) {
  const auto predicted_then = [](bool happens) {
    return with_options({}, [=] {
      finding f = fake::lock_cycle_finding();
      f.backing = certainty::predicted;
      keep(f);
      f.backing = certainty::proved;
      if (happens) keep(f);
    });
  };
  const outcome only_predicted = predicted_then(false), both = predicted_then(true);
  EXPECT_EQ(only_predicted.status, 0);
  EXPECT_THAT(only_predicted.err, HasSubstr("Found 1 possible deadlock(s)\n"));
  EXPECT_EQ(both.status, 66);
  EXPECT_EQ(occurrences_of("WARNING: POSSIBLE DEADLOCK", both.err), 1);
  EXPECT_EQ(occurrences_of("WARNING: DEADLOCK", both.err), 1);
  EXPECT_THAT(both.err, HasSubstr("Found 1 deadlock(s)\n"));
  EXPECT_THAT(both.err, Not(HasSubstr("Found 1 possible")));
}

TEST(reporter, a_seeded_run_says_how_to_repeat_it) {
  const outcome o = with_options({{"seed", "7"}}, [] { keep(fake::lock_cycle_finding()); });
  EXPECT_THAT(o.err, HasSubstr("  seed 7: SNAG_OPTIONS=seed=7 repeats this run\n"));
}

TEST(reporter, keeps_errno) {
  const outcome o = with_options({}, [] {
    errno = 1234;
    report(fake::make_counter_race().race);
    if (errno != 1234) std::_Exit(9);
  });
  EXPECT_EQ(o.status, 66);
}

TEST(reporter, equal_runs_print_equal_reports) {
  const auto run = [] { return with_options({}, [] { report(fake::make_counter_race().race); }); };
  EXPECT_EQ(run().err, run().err);
}

TEST(reporter, an_option_with_a_bad_value_ends_the_program_before_it_starts) {
  const outcome o = with_options({{"exitcode", "many"}}, [] { printf("ran\n"); });
  EXPECT_EQ(o.status, 64);
  EXPECT_EQ(o.out, "");
  EXPECT_EQ(o.err, "snag: SNAG_OPTIONS: exitcode=many: expected a number from 0 to 255\n");
}

TEST(reporter, a_finding_remembers_the_tests_it_was_made_in) {
  const auto race_in = [](const char* name, const raw_race& race, int times = 1) {
    snag_set_current_test(name);
    for (int i = 0; i < times; ++i) report(race);
    snag_set_current_test(nullptr);
  };
  const outcome o = with_options({{"report_format", "json"}}, [&] {
    const auto r = fake::make_counter_race();
    report(r.race);                       // in none
    race_in("suite.\"b\"", r.race, 200);  // counted without a look, most of them
    race_in("suite.a", r.race);
    race_in("suite.\"b\"", r.race);
  });
  EXPECT_THAT(o.err, HasSubstr("\"count\": 203,\n      \"tests\": [\"suite.\\\"b\\\"\", \"suite.a\"],"));
}

TEST(reporter, without_tests_the_list_is_empty) {
  const outcome o = with_options({{"report_format", "json"}}, [] { report(fake::make_counter_race().race); });
  EXPECT_THAT(o.err, HasSubstr("\"tests\": [],"));
}

TEST(reporter, for_readers_of_thread_sanitizers_reports) {
  const outcome o = with_options({{"report_format", "tsan"}}, [] { report(fake::make_counter_race().race); });
  EXPECT_THAT(o.err, testing::ContainsRegex(
                         "WARNING: ThreadSanitizer: data race \\(pid=[0-9]+\\)\n=+\nWARNING: DATA RACE"));
}

}  // namespace
}  // namespace snag::detector
