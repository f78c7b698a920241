// SPDX-License-Identifier: Apache-2.0
#include "detector/render_names.h"

#include <gtest/gtest.h>

namespace snag::detector {
namespace {

TEST(display_names, leave_short_names_alone) {
  for (const char* name :
       {"main", "roll()", "queue<int>::push(int)", "operator<(point, point)", "a::operator<<(std::ostream&)",
        "point::operator->() const", "point::operator()(int) const",
        "std::vector<int>::operator[](unsigned long)", "operator new(unsigned long)", "f(void (*)(int))",
        "point::operator int() const", "??", ""})
    EXPECT_EQ(displayed_function(name), name);
}

TEST(display_names, call_lambdas_lambdas) {
  EXPECT_EQ(displayed_function("main::$_0::operator()() const"), "main::{lambda}");
  EXPECT_EQ(displayed_function("f(int)::$_12::operator()(int, std::vector<int>&)"), "f(int)::{lambda}");
  EXPECT_EQ(displayed_function("f()::'lambda'()::operator()() const"), "f()::{lambda}");
  EXPECT_EQ(displayed_function("f()::'lambda0'(auto&...)::operator()<int>(int&) const"), "f()::{lambda}");
  EXPECT_EQ(displayed_function("main::$_0::helper()"), "main::$_0::helper()");
}

TEST(display_names, elide_long_lists) {
  EXPECT_EQ(displayed_function(
                "std::mersenne_twister_engine<unsigned long, 32ul, 624ul, 397ul, 31ul>::operator()()"),
            "std::mersenne_twister_engine<...>::operator()()");
  EXPECT_EQ(
      displayed_function("std::map<int, point>::find<std::less<std::pair<std::string, int>>, point>(int)"),
      "std::map<int, point>::find<...>(int)");
  EXPECT_EQ(displayed_function("merge(std::vector<int>&, std::vector<int>&, std::vector<int>&)"),
            "merge(...)");
  EXPECT_EQ(displayed_function("f<&point::operator->, &point::operator<, &point::operator()>(int)"),
            "f<...>(int)");
}

TEST(display_names, elide_long_constraints) {
  EXPECT_EQ(displayed_function("f<int>(int) requires small<int>"), "f<int>(int) requires small<int>");
  EXPECT_EQ(displayed_function("f<int>(int) requires std::integral<int> && (sizeof(int) > 2) && sized<int>"),
            "f<int>(int) requires ...");
  EXPECT_EQ(displayed_function("f<int>(int) requires std::integral<int> && std::copyable<int>::'lambda'()::"
                               "operator()() const"),
            "f<int>(int) requires ...::{lambda}");
  EXPECT_EQ(displayed_function("requires_nothing(int)"), "requires_nothing(int)");
}

TEST(display_names, survive_what_is_not_balanced) {
  EXPECT_EQ(displayed_function("f<int"), "f<int");
  EXPECT_EQ(displayed_function("f)>("), "f)>(");
  EXPECT_EQ(displayed_function("main::$_0::operator()("), "main::$_0::operator()(");
}

}  // namespace
}  // namespace snag::detector
