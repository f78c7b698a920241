// SPDX-License-Identifier: Apache-2.0
// What is known of old does not fail the gate: by the finding or by its places, until a day.
#include "cli/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/failure.h"
#include "cli/gate.h"
#include "tests/cli/report_documents.h"
#include "tests/cli/support.h"

namespace snag::cli {
namespace {

using cli_test::findings_document;
using cli_test::race;
using cli_test::race_facts;
using cli_test::read;
using testing::Contains;
using testing::HasSubstr;

const day today = *day_of("2026-06-01");

const race_facts local{.variable = "x", .expression = "x++", .memory = "stack"};

baseline of(const report& r, const entry_defaults& defaults = {}) {
  return updated({}, in_order(r), defaults, today);
}

std::size_t gating(const report& r, const baseline& b, day when = today) {
  return judge(r, {}, &b, when).count(standing::gating);
}

TEST(baseline, what_is_known_does_not_gate_and_what_is_new_does) {
  const baseline b = of(read(findings_document({race()})));
  EXPECT_EQ(gating(read(findings_document({race()})), b), 0u);
  EXPECT_EQ(gating(read(findings_document({race(), race({.variable = "other",
                                                         .expression = "other = 1",
                                                         .fingerprint = std::string(32, 'b')})})),
                   b),
            1u);
}

TEST(baseline, another_line_or_another_caller_is_not_new) {
  const baseline b = of(read(findings_document({race(local)})));
  race_facts moved = local;
  moved.line += 40;
  moved.other_line += 40;
  EXPECT_EQ(gating(read(findings_document({race(moved)})), b), 0u);
  moved.caller = "added_yesterday()";  // the fingerprint of a local variable's race has the caller in it
  moved.fingerprint = std::string(32, 'c');
  const report r = read(findings_document({race(moved)}));
  EXPECT_EQ(gating(r, b), 0u);
  baseline strict = b;
  strict.entries[0].place.clear();
  EXPECT_EQ(gating(r, strict), 1u);
}

TEST(baseline, entries_expire_and_unused_ones_are_told) {
  const report r = read(findings_document({race()}));
  const baseline b = of(r, {.owner = "ann", .reason = "old", .expires = *day_of("2026-06-02")});
  EXPECT_EQ(gating(r, b, *day_of("2026-06-01")), 0u);
  EXPECT_EQ(gating(r, b, *day_of("2026-06-02")), 1u);
  EXPECT_THAT(judge(r, {}, &b, *day_of("2026-06-02")).notes,
              Contains(HasSubstr("(ann): data race on counter")));
  EXPECT_THAT(judge(r, {}, &b, *day_of("2026-06-02")).notes, Contains(HasSubstr("expired on 2026-06-02")));
  EXPECT_THAT(judge(read(findings_document({})), {}, &b, today).notes, Contains(HasSubstr("was not needed")));
  report part = read(findings_document({}));
  part.shards = shard_set{2, {{1, "a"}}};
  EXPECT_THAT(judge(part, {}, &b, today).notes, testing::Not(Contains(HasSubstr("was not needed"))));
}

TEST(baseline, an_update_keeps_what_people_wrote_and_drops_what_is_gone) {
  const report old = read(findings_document({race(local), race({.fingerprint = std::string(32, 'b')})}));
  const baseline before =
      of(old, {.owner = "ann", .reason = "until the rewrite", .expires = *day_of("2026-07-01")});
  race_facts moved = local;
  moved.caller = "another()";
  moved.fingerprint = std::string(32, 'c');
  const report now = read(findings_document(
      {race(moved), race({.variable = "z", .expression = "z = 1", .fingerprint = std::string(32, 'd')})}));
  const baseline after =
      updated(before, in_order(now), {.owner = "bob", .reason = "new", .expires = {}}, today);
  ASSERT_EQ(after.entries.size(), 2u);
  EXPECT_EQ(after.entries[0].fingerprint, std::string(32, 'c'));
  EXPECT_EQ(after.entries[0].owner, "ann");
  EXPECT_EQ(text_of(*after.entries[0].expires), "2026-07-01");
  EXPECT_EQ(after.entries[1].owner, "bob");
}

TEST(baseline, a_file_reads_back_and_others_are_refused_in_one_line) {
  const cli_test::scratch_directory folder;
  const baseline b = of(read(findings_document({race()})),
                        {.owner = "ann", .reason = "a \"reason\"", .expires = *day_of("2026-12-31")});
  const std::string text = written(b);
  EXPECT_EQ(written(read_baseline(folder.write("b.json", text))), text);
  const auto refused = [&](const std::string& document) -> std::string {
    try {
      read_baseline(folder.write("bad.json", document));
    } catch (const failure& f) {
      return f.what();
    }
    return "";
  };
  EXPECT_THAT(refused(text.substr(0, text.size() / 2)), HasSubstr("cut off"));
  EXPECT_THAT(refused(findings_document({})), HasSubstr("no baseline of Snag's"));
  EXPECT_THAT(refused(R"({"schema": "snag-baseline/2", "entries": []})"),
              HasSubstr("it is 'snag-baseline/2', and this snag reads snag-baseline/1"));
  EXPECT_THAT(
      refused(R"({"schema": "snag-baseline/1", "entries": [{"fingerprint": "a", "expires": "2026-02-30"}]})"),
      HasSubstr("'2026-02-30' is no day"));
  EXPECT_THAT(refused(R"({"schema": "snag-baseline/1", "entries": [{"owner": "x"}]})"),
              HasSubstr("neither a fingerprint nor a place"));
  EXPECT_THAT(refused(R"({"schema": "snag-baseline/1", "entries": [{"fingerprint": "a", "expire": ""}]})"),
              HasSubstr("'expire', which means nothing"));
}

}  // namespace
}  // namespace snag::cli
