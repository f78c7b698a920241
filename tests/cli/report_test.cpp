// SPDX-License-Identifier: Apache-2.0
// snag report as a process: inputs, outputs, statuses, complaints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/report_documents.h"
#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string merged_shard(unsigned number, unsigned total, const std::vector<std::string>& findings) {
  cli::report r = read(findings_document(findings));
  r.shards = cli::shard_set{total, {{number, ""}}};
  return written(r);
}

TEST(report, findings_end_with_66_and_nothing_ends_with_0) {
  const scratch_directory folder;
  const outcome found = snag({"report", folder.write("f.json", findings_document({race()}))});
  EXPECT_EQ(found.status, 66);
  EXPECT_THAT(found.out, AllOf(HasSubstr("WARNING: DATA RACE"), HasSubstr("Found 1 data race(s)")));
  EXPECT_EQ(snag({"report", folder.write("none.json", findings_document({}))}).status, 0);
  EXPECT_EQ(snag({"report", "--fail-on", "deadlock", folder.path() / "f.json"}).status, 0);
  EXPECT_EQ(snag({"report", "--exit-code", "3", folder.path() / "f.json"}).status, 3);
  EXPECT_EQ(snag({"report", "-"}, {.input = findings_document({race()})}).status, 66);
}

TEST(report, a_folder_is_all_its_documents_and_a_file_counts_once) {
  const scratch_directory folder;
  folder.write("f.json", findings_document({race({.count = 2})}));
  folder.write("f.json.4711", findings_document({race({.count = 5}), deadlock()}));
  folder.write("notes.txt", "no document");
  const std::string path = folder.path();
  const outcome all = snag({"report", "--format", "json", path, path + "/f.json",
                            path + "/../" + folder.path().filename().string() + "/f.json"});
  EXPECT_THAT(all.out, AllOf(HasSubstr("{\"count\":7,"), HasSubstr("\"distinct\":2,\"occurrences\":8")));
  EXPECT_THAT(snag({"report", path + "/f.json"}).out,
              HasSubstr("f.json.4711 was written by another process"));
}

TEST(report, filters_keep_what_was_asked_for) {
  const scratch_directory folder;
  const std::string path = folder.write("f.json", findings_document({race(), deadlock()}));
  EXPECT_THAT(snag({"report", "--kind", "deadlock", path}).out,
              AllOf(HasSubstr("DEADLOCK"), Not(HasSubstr("DATA RACE"))));
  EXPECT_THAT(snag({"report", "--fingerprint", "aaa", path}).out,
              AllOf(HasSubstr("DATA RACE"), Not(HasSubstr("DEADLOCK"))));
  EXPECT_EQ(snag({"report", "--rule", "orphan", path}).status, 0);
}

TEST(report, shards_that_are_missing_are_named_and_never_green) {
  const scratch_directory folder, elsewhere;
  const std::string one = folder.write("1.json", merged_shard(1, 4, {})),
                    three = folder.write("3.json", merged_shard(3, 4, {}));
  const outcome o = snag({"report", one, three});
  EXPECT_EQ(o.status, 75);
  EXPECT_THAT(o.out, HasSubstr("snag: shards 2, 4 of 4 are missing"));
  folder.write("2.json", merged_shard(2, 4, {}));
  folder.write("4.json", merged_shard(4, 4, {race()}));
  EXPECT_EQ(snag({"report", folder.path()}).status, 66);
  EXPECT_EQ(snag({"report", one, folder.path(), elsewhere.write("1.json", merged_shard(1, 4, {}))}).status,
            64);
}

TEST(report, a_baseline_is_written_used_and_updated) {
  const scratch_directory folder;
  const std::string old = folder.write("old.json", findings_document({race()})),
                    known = folder.path() / "known.baseline";
  EXPECT_EQ(snag({"report", "--write-baseline", known, "--owner", "ann", "--reason", "since 2019",
                  "--expires", "2030-01-01", old})
                .status,
            0);
  const outcome covered = snag({"report", "--baseline", known, "--today", "2029-12-31", old});
  EXPECT_EQ(covered.status, 0);
  EXPECT_THAT(covered.out, HasSubstr("known, owner ann: since 2019"));
  const outcome over = snag({"report", "--baseline", known, "--today", "2030-01-01", old});
  EXPECT_EQ(over.status, 66);
  EXPECT_THAT(over.out, HasSubstr("expired on 2030-01-01"));
  const std::string now = folder.write("now.json", findings_document({race(), deadlock()}));
  EXPECT_EQ(snag({"report", "--baseline", known, "--today", "2029-12-31", now}).status, 66);
  EXPECT_THAT(snag({"report", "--write-baseline", known, now}).err,
              HasSubstr("has 2 entries now: 1 new, 1 known before"));
  EXPECT_THAT(read_file(known), HasSubstr("since 2019"));
  EXPECT_EQ(snag({"report", "--baseline", folder.path() / "no.baseline", now}).status, 64);
}

TEST(report, what_cannot_be_read_or_written_is_one_line) {
  const scratch_directory folder;
  const std::string good = folder.write("good.json", findings_document({race()}));
  const auto said = [](std::vector<std::string> words) {
    words.insert(words.begin(), "report");
    const outcome o = snag(words);
    EXPECT_EQ(o.status, 64) << testing::PrintToString(o);
    EXPECT_EQ(occurrences(o.err, "\n"), 1u) << o.err;
    EXPECT_THAT(o.err, Not(HasSubstr("internal error")));
    return o.err;
  };
  EXPECT_THAT(said({"no/such.json"}), HasSubstr("no/such.json cannot be read: No such file"));
  EXPECT_THAT(said({folder.write("cut.json", read_file(good).substr(0, 900))}),
              HasSubstr("it is cut off or empty"));
  EXPECT_THAT(said({folder.write("empty.json", "")}), HasSubstr("it is cut off or empty"));
  EXPECT_THAT(said({folder.write("foreign.json", "[{\"directory\": \"/\"}]")}),
              HasSubstr("no list of Snag's findings"));
  EXPECT_THAT(said({good, "-o", "/dev/full"}), HasSubstr("/dev/full cannot be written: No space left"));
  EXPECT_THAT(said({good, "-o", folder.path() / "no" / "report.html"}),
              HasSubstr("cannot be written: No such file"));
  EXPECT_THAT(said({good, "--format", "pdf"}), HasSubstr("--format"));
  EXPECT_THAT(said({good, "--expires", "soon"}), HasSubstr("soon is no day"));
  EXPECT_THAT(said({}), HasSubstr("inputs"));
}

TEST(report, the_format_follows_the_file_s_name_and_a_failed_write_leaves_the_old_one) {
  const scratch_directory folder;
  const std::string good = folder.write("good.json", findings_document({race()})),
                    page = folder.path() / "report.html";
  const outcome o = snag({"report", good, "-o", page});
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(o.out, IsEmpty());
  EXPECT_EQ(o.err, "snag: 1 finding: 1 fail the gate, 0 told only, 0 known\n");
  EXPECT_THAT(read_file(page), StartsWith("<!DOCTYPE html>"));
  snag({"report", good, "-o", folder.path() / "r.sarif"});
  EXPECT_THAT(read_file(folder.path() / "r.sarif"), HasSubstr("\"version\": \"2.1.0\""));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& f : std::filesystem::directory_iterator(folder.path())) ++files;
  EXPECT_EQ(files, 3u);  // no temporary file is left
}

}  // namespace
}  // namespace snag::cli_test
