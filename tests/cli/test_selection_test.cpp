// SPDX-License-Identifier: Apache-2.0
// Which tests run: filters, and shards that together are the whole, without anything twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cli/failure.h"
#include "cli/test_run/test_selection.h"

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(test_filter, means_what_it_means_to_googletest) {
  EXPECT_TRUE(test_filter().matches("anything"));
  EXPECT_TRUE(test_filter("*").matches(""));
  EXPECT_TRUE(test_filter("a.b").matches("a.b"));
  EXPECT_FALSE(test_filter("a.b").matches("a.bc"));
  EXPECT_TRUE(test_filter("a.*").matches("a.b"));
  EXPECT_TRUE(test_filter("*b*d").matches("abbcd"));
  EXPECT_FALSE(test_filter("*b*d").matches("abbcde"));
  EXPECT_TRUE(test_filter("a?c").matches("abc"));
  EXPECT_FALSE(test_filter("a?c").matches("ac"));
  EXPECT_TRUE(test_filter("x:a*").matches("abc"));
  EXPECT_FALSE(test_filter("a*-*slow*").matches("a_slow_one"));
  EXPECT_TRUE(test_filter("-*slow*").matches("a_quick_one"));
  EXPECT_FALSE(test_filter("-*slow*").matches("a_slow_one"));
}

// Many stars, and a text that nearly matches: exponential for a matcher that tries everything.
TEST(test_filter, does_not_take_for_ever) {
  EXPECT_FALSE(matches_pattern("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST(seeds, are_ranges) {
  EXPECT_EQ(parse_seeds("7").first, 1u);
  EXPECT_EQ(parse_seeds("7").last, 7u);
  EXPECT_EQ(parse_seeds("3-9").first, 3u);
  EXPECT_EQ(parse_seeds("3-9").last, 9u);
  for (const char* text : {"", "-", "a", "9-3", "3-", "-9", "1-2-3", "0"})
    EXPECT_THROW(parse_seeds(text), failure) << text;
}

// `programs` of `cases` tests each; every third is no GoogleTest program.
test_list some_tests(std::size_t programs, std::size_t cases) {
  test_list list;
  for (std::size_t p = 0; p < programs; ++p) {
    test_program program{.label = "program" + std::to_string(p), .command = {"/p"}, .directory = ""};
    program.googletest = program.attributes = p % 3 != 2;
    program.detects = true;
    for (std::size_t c = 0; c < (program.googletest ? cases : 1); ++c)
      list.cases.push_back({.program = p, .name = program.label + "." + std::to_string(c)});
    list.programs.push_back(program);
  }
  return list;
}

// How often each case runs under each seed (or in each round).
std::map<std::pair<std::string, std::uint64_t>, int> rounds_of(const test_list& list,
                                                               selection_settings settings) {
  std::map<std::pair<std::string, std::uint64_t>, int> rounds;
  std::vector<test_case> cases = list.cases;
  for (const process_plan& plan : select(list, cases, settings))
    for (const std::size_t number : plan.cases)
      ++rounds[{cases[number].name, plan.seed.value_or(plan.round)}];
  return rounds;
}

TEST(shards, are_disjoint_and_complete) {
  const test_list list = some_tests(7, 5);
  for (const std::uint64_t repeat : {1, 2, 3, 20})
    for (const bool seeded : {false, true}) {
      selection_settings settings{.repeat = seeded ? 1 : repeat};
      if (seeded) settings.seeds = seed_range{100, 99 + repeat};
      const auto whole = rounds_of(list, settings);
      EXPECT_EQ(whole.size(), list.cases.size() * repeat);
      for (std::size_t total = 1; total <= 20; ++total) {
        std::map<std::pair<std::string, std::uint64_t>, int> together;
        std::size_t least = whole.size(), most = 0;
        for (std::size_t index = 0; index < total; ++index) {
          settings.part = {
              .index = index, .total = total, .source = "", .passed_over = {}, .status_file = ""};
          const auto part = rounds_of(list, settings);
          for (const auto& [what, times] : part) together[what] += times;
          least = std::min(least, part.size());
          most = std::max(most, part.size());
        }
        EXPECT_EQ(together, whole) << total << " shards, " << repeat << (seeded ? " seeds" : " rounds");
        EXPECT_LE(most - least, 1u) << total;
      }
    }
}

TEST(shards, more_than_there_are_tests) {
  const test_list list = some_tests(1, 2);
  selection_settings settings;
  settings.part = {.index = 5, .total = 9, .source = "", .passed_over = {}, .status_file = ""};
  EXPECT_THAT(rounds_of(list, settings), IsEmpty());
}

TEST(selection, one_process_for_a_program_that_says_which_test_runs) {
  test_list list = some_tests(3, 4);
  std::vector<test_case> cases = list.cases;
  EXPECT_EQ(select(list, cases, {}).size(), 3u);
  EXPECT_EQ(select(list, cases, {.isolate = true}).size(), 9u);
  list.programs[0].attributes = false;
  EXPECT_EQ(select(list, cases, {}).size(), 6u);
  list.programs[0].detects = false;  // then there is nothing to attribute
  EXPECT_EQ(select(list, cases, {}).size(), 3u);
}

TEST(selection, fixtures_come_with_those_that_need_them) {
  test_list list;
  for (const char* name : {"clean", "other", "setup", "user"}) {
    list.cases.push_back({.program = list.programs.size(), .name = name});
    list.programs.push_back({.label = name, .command = {"/p"}, .directory = ""});
  }
  list.programs[3].ctest.needs = {2};
  list.programs[3].ctest.cleaned_by = {0};
  EXPECT_THAT(rounds_of(list, {.filter = test_filter("user")}),
              ElementsAre(Pair(Pair("clean", 1), 1), Pair(Pair("setup", 1), 1), Pair(Pair("user", 1), 1)));
  EXPECT_THAT(rounds_of(list, {.filter = test_filter("other")}), ElementsAre(Pair(Pair("other", 1), 1)));
}

}  // namespace
}  // namespace snag::cli
