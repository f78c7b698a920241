// SPDX-License-Identifier: Apache-2.0
// What programs wrote, read, merged and written again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "cli/failure.h"
#include "tests/cli/report_documents.h"

namespace snag::cli {
namespace {

using cli_test::complaint;
using cli_test::deadlock;
using cli_test::findings_document;
using cli_test::race;
using cli_test::read;
using cli_test::written;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string print(char digit) { return std::string(32, digit); }

const std::string audit =
    R"({"complete": false, "modules": 1, "access_sites": 9, "records": 1, "shadow_bytes": 1, "other_bytes": 1,
"contexts": 1, "context_bytes": 1, "skipped": {"in_signal_handlers": 1, "by_nobody": 2, "unrecorded": 3},
"without_stack": 4, "without_locks": 5, "ignored": 6, "dropped_findings": 7, "unseen_modules": ["libold.so"]})";

report shard(std::uint64_t number, std::uint64_t total, report r) {
  r.shards = shard_set{total, {{number, "shard" + std::to_string(number) + ".json"}}};
  return r;
}

TEST(report_model, a_program_s_document_is_kept_whole) {
  const report r = read(findings_document(
      {race({.count = 3}), deadlock()}, {.seed = "\"7\"", .audit = audit, .not_listed = 2, .suppressed = 1}));
  EXPECT_EQ(r.runs.at("exit"), 1u);
  EXPECT_EQ(r.not_listed, 2u);
  EXPECT_EQ(r.audit.skipped, 6u);
  EXPECT_THAT(r.audit.unseen_modules, ElementsAre("libold.so"));
  const kept_finding& f = r.findings.at(print('a'));
  EXPECT_EQ(f.count, 3u);
  EXPECT_THAT(f.seeds, ElementsAre(7u));
  EXPECT_EQ(f.place, (source_place{"app.cpp", 12, 3}));
  const finding full = details(f);
  ASSERT_EQ(full.accesses.size(), 2u);
  EXPECT_EQ(full.accesses[1].last_release[0].call, "snag::go(worker)");
  EXPECT_EQ(full.count, 3u);
  EXPECT_EQ(details(r.findings.at(print('d'))).waits[1].targets[0].held_by[0].actor, 2u);
}

TEST(report_model, a_merged_document_reads_back_to_the_same_bytes) {
  report r = read(findings_document({race(), deadlock()}, {.seed = "\"7\"", .audit = audit}));
  r = shard(2, 3, std::move(r));
  r.add({.name = "b.test",
         .binary = "./t",
         .ended = verdict::findings,
         .milliseconds = 3,
         .seed = 7,
         .status = 66,
         .findings = {print('a')},
         .output_excerpt = "it \"said\"\nthis"});
  r.add({.name = "a.test",
         .binary = "./t",
         .ended = verdict::skipped,
         .milliseconds = 0,
         .seed = {},
         .status = {},
         .findings = {},
         .output_excerpt = {}});
  attribute(r, "b.test");
  const std::string bytes = written(r);
  EXPECT_EQ(written(read(bytes)), bytes);
  EXPECT_THAT(bytes, HasSubstr("\"tests\":[\"b.test\"]"));
}

TEST(report_model, equal_findings_are_one_and_counts_add_up) {
  report r = read(findings_document({race({.count = 3})}, {.seed = "\"9\"", .audit = audit}));
  merge(r, read(findings_document(
               {race({.line = 13, .count = 4}), race({.count = 1, .fingerprint = print('b')})},
               {.end = "crashed", .seed = "\"1\"", .audit = audit})));
  EXPECT_EQ(r.findings.size(), 2u);
  EXPECT_EQ(r.findings.at(print('a')).count, 7u);
  EXPECT_THAT(r.findings.at(print('a')).seeds, ElementsAre(1u, 9u));
  EXPECT_EQ(r.audit.taken, 2u);
  EXPECT_EQ(r.audit.skipped, 12u);
  EXPECT_EQ(r.audit.most_sites, 9u);
  EXPECT_THAT(written(r), HasSubstr(R"("totals": {"distinct":2,"occurrences":8,)"));
}

TEST(report_model, what_is_proved_is_kept_before_what_is_suspected) {
  const std::string sure = race({.variable = "a_long_name_for_a_counter"}),
                    unsure = race({.certainty = "suspected"});
  for (const auto& order : {std::vector{sure, unsure}, std::vector{unsure, sure}}) {
    const report r = read(findings_document(order));
    EXPECT_EQ(r.findings.at(print('a')).certainty, "proved");
    EXPECT_EQ(r.findings.at(print('a')).count, 2u);
  }
}

// Five documents that share findings, in all 120 orders, and as a tree instead of a row.
TEST(report_model, any_order_of_merging_gives_the_same_bytes) {
  const auto make = [](std::uint64_t n) {
    std::vector<std::string> findings = {race({.line = static_cast<unsigned>(10 + n), .count = n}),
                                         race({.line = static_cast<unsigned>(30 + n % 2),
                                               .fingerprint = print('b'),
                                               .certainty = n == 3 ? "predicted" : "suspected"})};
    if (n % 2 == 0) findings.push_back(deadlock(print(n == 2 ? 'd' : 'e')));
    report r = read(findings_document(findings, {.end = n == 4 ? "crashed" : "exit",
                                                 .seed = "\"" + std::to_string(20 - n) + "\"",
                                                 .audit = audit,
                                                 .not_listed = n}));
    r.add({.name = "test " + std::to_string(n % 3),
           .binary = "./t",
           .ended = verdict::passed,
           .milliseconds = n,
           .seed = n,
           .status = 0,
           .findings = {},
           .output_excerpt = {}});
    attribute(r, "test " + std::to_string(n % 3));
    return shard(n, 5, std::move(r));
  };
  std::vector<std::uint64_t> order = {1, 2, 3, 4, 5};
  std::string bytes;
  do {
    report r;
    for (const std::uint64_t n : order) merge(r, make(n));
    const std::string now = written(r);
    if (bytes.empty()) bytes = now;
    ASSERT_EQ(now, bytes) << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
  report left = make(4), right = make(5), all = make(3);
  merge(left, make(1));
  merge(right, make(2));
  merge(left, std::move(right));
  merge(all, std::move(left));
  EXPECT_EQ(written(all), bytes);
}

TEST(report_model, shards_say_what_is_missing_and_what_does_not_fit) {
  const report one = shard(1, 4, read(findings_document({race()})));
  report r = one;
  merge(r, shard(3, 4, read(findings_document({race()}))));
  EXPECT_THAT(r.shards->missing(), ElementsAre(2u, 4u));
  const auto refused = [&](report other) -> std::string {
    try {
      report into = r;
      merge(into, std::move(other));
    } catch (const failure& f) {
      return f.what();
    }
    return "";
  };
  EXPECT_THAT(refused(shard(3, 4, read(findings_document({})))), HasSubstr("shard 3 of 4 is there twice"));
  EXPECT_THAT(refused(shard(2, 5, read(findings_document({})))), HasSubstr("merge the shards of one run"));
  EXPECT_EQ(refused(read(findings_document({}))), "");
}

TEST(report_model, callers_and_lines_change_the_place_no_more_than_they_should) {
  const auto place = [](cli_test::race_facts f) {
    return read(findings_document({race(f)})).findings.begin()->second.place_fingerprint;
  };
  const cli_test::race_facts local{.variable = "x", .expression = "x++", .memory = "stack"};
  auto other = local;
  other.caller = "somebody_else()";
  other.line = 99;
  EXPECT_EQ(place(local), place(other));
  other.function = "drop()";
  EXPECT_NE(place(local), place(other));
  other = local;
  other.expression = "x--";
  EXPECT_NE(place(local), place(other));
}

TEST(report_model, what_cannot_be_read_is_said_in_one_line) {
  const std::string good = findings_document({race(), deadlock()});
  for (std::size_t n = 0; n < good.size(); n += 7) {
    const std::string said = complaint(good.substr(0, n));
    ASSERT_THAT(said, HasSubstr("findings.json cannot be read: it is cut off")) << n;
    ASSERT_THAT(said, Not(HasSubstr("\n")));
  }
  EXPECT_THAT(complaint("[1, 2]"), HasSubstr("no list of Snag's findings"));
  EXPECT_THAT(complaint("{}"), HasSubstr("no list of Snag's findings"));
  EXPECT_THAT(complaint(R"({"version": "2.1.0", "runs": []})"), HasSubstr("no list of Snag's findings"));
  EXPECT_THAT(complaint("PK\x03\x04"), HasSubstr("cannot be read: it is no JSON: parse error"));
  std::string future = good;
  future.replace(future.find("findings/7"), 10, "findings/9");
  EXPECT_THAT(complaint(future), HasSubstr("it is 'snag-findings/9', and this snag reads"));
}

// Each member in turn is taken away, or becomes something else: read all the same, or refused, never more.
TEST(report_model, damaged_findings_are_refused_and_not_half_read) {
  const std::string good = findings_document({race()});
  std::size_t refused = 0;
  for (std::size_t at = good.find("\"count\""); at < good.size(); at = good.find("\":", at + 1)) {
    if (at == std::string::npos) break;
    const std::size_t colon = good.find(':', at);
    std::string damaged = good;
    damaged.insert(colon + 1, damaged[colon + 1] == '"' ? "[]," : "\"x\",");
    if (!complaint(damaged).empty()) ++refused;
  }
  EXPECT_GT(refused, 50u);
  std::string negative = good;
  negative.replace(negative.find("\"count\":1"), 9, "\"count\":-1");
  EXPECT_THAT(complaint(negative), HasSubstr("a 'count' is no number"));
  std::string word = good;
  word.replace(word.find(R"("kind":"race")"), 13, R"("kind":"rage")");
  EXPECT_THAT(complaint(word), HasSubstr("'rage' is an unknown kind"));
}

}  // namespace
}  // namespace snag::cli
