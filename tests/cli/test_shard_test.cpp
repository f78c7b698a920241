// SPDX-License-Identifier: Apache-2.0
// Which shard this is: every system's variables, their precedence, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "cli/failure.h"
#include "cli/test_run/shard.h"

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using variables = std::map<std::string, std::string>;

shard chosen(const variables& set, std::optional<std::string> flag = {},
             std::optional<std::size_t> total = {}) {
  return choose_shard(flag, total, [&](const std::string& name) -> std::optional<std::string> {
    const auto at = set.find(name);
    return at == set.end() ? std::nullopt : std::optional(at->second);
  });
}

std::string refusal(const variables& set, std::optional<std::string> flag = {},
                    std::optional<std::size_t> total = {}) {
  try {
    chosen(set, flag, total);
  } catch (const failure& error) {
    EXPECT_EQ(error.status(), 64);
    return error.what();
  }
  return "";
}

void expect_shard(const shard& s, std::size_t index, std::size_t total, const std::string& source) {
  EXPECT_EQ(s.index, index);
  EXPECT_EQ(s.total, total);
  EXPECT_EQ(s.source, source);
}

const variables bazel = {
    {"TEST_SHARD_INDEX", "1"}, {"TEST_TOTAL_SHARDS", "11"}, {"TEST_SHARD_STATUS_FILE", "/b"}};
const variables googletest = {
    {"GTEST_SHARD_INDEX", "2"}, {"GTEST_TOTAL_SHARDS", "12"}, {"GTEST_SHARD_STATUS_FILE", "/g"}};
const variables slurm = {
    {"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_COUNT", "13"}, {"SLURM_ARRAY_TASK_MIN", "0"}};
const variables kubernetes = {{"JOB_COMPLETION_INDEX", "4"}};
const variables gitlab = {{"CI_NODE_INDEX", "6"}, {"CI_NODE_TOTAL", "15"}};

TEST(shard, nobody_says_anything) {
  const shard s = chosen({});
  expect_shard(s, 0, 1, "");
  EXPECT_TRUE(s.whole());
}

TEST(shard, a_flag_counts_from_one) {
  expect_shard(chosen({}, "1/4"), 0, 4, "--shard");
  expect_shard(chosen({}, "4/4"), 3, 4, "--shard");
}

TEST(shard, each_system_is_understood) {
  expect_shard(chosen(bazel), 1, 11, "TEST_SHARD_INDEX (Bazel)");
  EXPECT_EQ(chosen(bazel).status_file, "/b");
  expect_shard(chosen(googletest), 2, 12, "GTEST_SHARD_INDEX (GoogleTest)");
  EXPECT_EQ(chosen(googletest).status_file, "/g");
  expect_shard(chosen(slurm), 3, 13, "SLURM_ARRAY_TASK_ID (Slurm)");
  expect_shard(chosen(kubernetes, {}, 14), 4, 14, "JOB_COMPLETION_INDEX (Kubernetes)");
  expect_shard(chosen(gitlab), 5, 15, "CI_NODE_INDEX (GitLab)");
}

// Each against all that come after it.
TEST(shard, the_first_that_says_anything_counts) {
  const std::vector<std::pair<std::string, variables>> in_order = {
      {"TEST_SHARD_INDEX (Bazel)", bazel},
      {"GTEST_SHARD_INDEX (GoogleTest)", googletest},
      {"SLURM_ARRAY_TASK_ID (Slurm)", slurm},
      {"JOB_COMPLETION_INDEX (Kubernetes)", kubernetes},
      {"CI_NODE_INDEX (GitLab)", gitlab}};
  for (std::size_t first = 0; first < in_order.size(); ++first) {
    variables all;
    std::vector<std::string> others;
    for (std::size_t i = first; i < in_order.size(); ++i) {
      all.insert(in_order[i].second.begin(), in_order[i].second.end());
      if (i != first) others.push_back(in_order[i].first);
    }
    std::optional<std::size_t> total;
    if (first == 3) total = 14;  // Kubernetes does not say
    const shard s = chosen(all, {}, total);
    EXPECT_EQ(s.source, in_order[first].first);
    EXPECT_EQ(s.passed_over, others);
    EXPECT_EQ(chosen(all, "2/3").source, "--shard");
  }
}

TEST(shard, slurm_arrays_start_anywhere) {
  const auto task = [](const char* id, const char* count, const char* min, const char* step) {
    return variables{{"SLURM_ARRAY_TASK_ID", id},
                     {"SLURM_ARRAY_TASK_COUNT", count},
                     {"SLURM_ARRAY_TASK_MIN", min},
                     {"SLURM_ARRAY_TASK_STEP", step}};
  };
  expect_shard(chosen(task("1", "8", "1", "1")), 0, 8, "SLURM_ARRAY_TASK_ID (Slurm)");    // --array=1-8
  expect_shard(chosen(task("20", "3", "10", "5")), 2, 3, "SLURM_ARRAY_TASK_ID (Slurm)");  // --array=10-20:5
  EXPECT_THAT(refusal(task("7", "3", "1", "1")),
              HasSubstr("7 is not one of the 3 that start at 1"));  // --array=1,3,7
}

// GitLab sets CI_NODE_TOTAL to 1 in every job.
TEST(shard, a_gitlab_job_that_is_not_parallel) { expect_shard(chosen({{"CI_NODE_TOTAL", "1"}}), 0, 1, ""); }

TEST(shard, what_makes_no_sense_is_refused) {
  EXPECT_THAT(refusal({}, "0/4"), HasSubstr("the first is 1/4"));
  EXPECT_THAT(refusal({}, "5/4"), HasSubstr("the last 4/4"));
  for (const char* text : {"", "1", "/", "1/", "/4", "a/b", "1/4/2", "-1/4", "1/99999999999999999999"})
    EXPECT_THAT(refusal({}, text), HasSubstr("expected i/n")) << text;
  EXPECT_THAT(refusal({{"TEST_SHARD_INDEX", "1"}}), HasSubstr("TEST_TOTAL_SHARDS is not set"));
  EXPECT_THAT(refusal({{"GTEST_TOTAL_SHARDS", "4"}}), HasSubstr("GTEST_SHARD_INDEX is not set"));
  EXPECT_THAT(refusal({{"GTEST_TOTAL_SHARDS", "4"}, {"GTEST_SHARD_INDEX", "4"}}),
              HasSubstr("not one of the 4"));
  EXPECT_THAT(refusal({{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "4"}}), HasSubstr("start at 1"));
  EXPECT_THAT(refusal({{"CI_NODE_INDEX", "x"}, {"CI_NODE_TOTAL", "4"}}),
              HasSubstr("CI_NODE_INDEX=x is not a number"));
  EXPECT_THAT(refusal(kubernetes), HasSubstr("--shards N"));
  EXPECT_THAT(refusal(slurm, {}, 8), HasSubstr("--shards says 8"));
  EXPECT_THAT(refusal({}, {}, 8), HasSubstr("nothing says which of them this is"));
}

TEST(shard, tests_do_not_inherit_what_would_make_them_shard_again) {
  EXPECT_THAT(shard_variables(),
              ElementsAre("TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", "TEST_SHARD_STATUS_FILE",
                          "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", "GTEST_SHARD_STATUS_FILE"));
}

}  // namespace
}  // namespace snag::cli
