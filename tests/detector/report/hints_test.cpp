// SPDX-License-Identifier: Apache-2.0
#include "detector/src/hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> rules(const finding& f, const hint_clues& clues = {}) {
  std::vector<std::string> out;
  for (const hint& h : hints_for(f, clues)) out.emplace_back(h.rule.c_str());
  return out;
}

lock_description lock(const char* name, std::uint64_t address, const char* mode = "exclusive") {
  lock_description l;
  l.kind = mode == std::string("shared") ? "shared_mutex" : "mutex";
  l.mode = mode;
  l.name = name;
  l.address = address;
  return l;
}

TEST(hints, a_race_of_two_plain_accesses_to_a_global_has_none) {
  EXPECT_THAT(rules(fake::counter_finding()), IsEmpty());
}

TEST(hints, a_capture_by_reference_is_named_and_one_by_copy_is_not) {
  finding f = fake::counter_finding();
  f.accesses[0].capture = "by reference at app.cpp:20";
  EXPECT_THAT(rules(f), ElementsAre("captured-by-reference"));
  EXPECT_THAT(std::string(hints_for(f, {})[0].text.c_str()),
              HasSubstr("counter is captured by reference at app.cpp:20"));
  f.accesses[0].capture = "by copy at app.cpp:20";
  EXPECT_THAT(rules(f), IsEmpty());
}

TEST(hints, a_lock_on_one_side_only) {
  finding f = fake::counter_finding();
  f.accesses[0].locks = {lock("mu", 1)};
  EXPECT_THAT(rules(f), ElementsAre("one-side-forgot-the-lock"));
  EXPECT_EQ(std::string(hints_for(f, {})[0].text.c_str()),
            "the write at app.cpp:12 holds mu, the read at app.cpp:25 no lock: take the same lock there.");
}

TEST(hints, two_locks_that_have_nothing_in_common) {
  finding f = fake::counter_finding();
  f.accesses[0].locks = {lock("mu", 1)};
  f.accesses[1].locks = {lock("other", 2)};
  EXPECT_THAT(rules(f), ElementsAre("different-locks"));
}

TEST(hints, a_write_under_a_lock_for_reading) {
  finding f = fake::counter_finding();
  f.accesses[0].locks = {lock("rw", 1, "shared")};
  f.accesses[1].locks = {lock("rw", 1, "shared")};
  EXPECT_THAT(rules(f), ElementsAre("written-under-read-lock"));
  f.accesses[0].operation = "read";
  f.accesses[1].operation = "write";
  EXPECT_THAT(rules(f), ElementsAre("written-under-read-lock"));
}

TEST(hints, an_atomic_access_and_a_plain_one) {
  finding f = fake::counter_finding();
  f.accesses[0].operation = "atomic write";
  EXPECT_THAT(rules(f), ElementsAre("atomic-on-one-side"));
  f.accesses[1].operation = "atomic read";
  EXPECT_THAT(rules(f), IsEmpty());
}

TEST(hints, a_plain_flag_that_is_polled) {
  finding f = fake::counter_finding();
  EXPECT_THAT(rules(f, {.polls = {false, true}}), ElementsAre("polled-plain-flag"));
  EXPECT_THAT(rules(f, {.polls = {true, false}}), IsEmpty());  // that one writes
}

TEST(hints, memory_that_ends_or_begins) {
  finding f = fake::counter_finding();
  f.accesses[0].operation = "free";
  EXPECT_THAT(rules(f), ElementsAre("freed-in-use"));
  f.accesses[0].operation = "end of scope";
  EXPECT_THAT(rules(f), ElementsAre("outlived-by-goroutine"));
  f.accesses[0].operation = "allocation";
  EXPECT_THAT(rules(f), ElementsAre("published-unsynchronised"));
}

TEST(hints, add_inside_the_goroutine) {
  EXPECT_THAT(rules(fake::counter_finding(), {.adds_inside = true}), ElementsAre("add-inside-the-goroutine"));
}

TEST(hints, a_container_without_a_lock) {
  finding f = fake::counter_finding();
  for (access_description& a : f.accesses) {
    a.through = "jobs.push_back(1)";
    a.object = "jobs";
  }
  EXPECT_THAT(rules(f), ElementsAre("container-not-synchronised"));
  f.accesses[1].locks = {lock("mu", 1)};
  EXPECT_THAT(rules(f), ElementsAre("one-side-forgot-the-lock"));
}

}  // namespace
}  // namespace snag::detector
