// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/shard.h"

#include <fmt/format.h>

#include <charconv>

#include "cli/failure.h"

namespace snag::cli {
namespace {

std::optional<std::size_t> number(const std::string& text) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

// What one system says. Both numbers have to be there, and to fit.
struct convention {
  const char *system, *index, *total;
  std::size_t first;                              // of its indices
  const char* status_file = nullptr;              // names a file that a runner that shards has to touch
  const char *lowest = nullptr, *step = nullptr;  // where indices need not start at `first`, nor be dense
  bool total_is_optional = false;                 // set to something outside of shards, too
};
constexpr convention conventions[] = {
    {"Bazel", "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0, "TEST_SHARD_STATUS_FILE"},
    {"GoogleTest", "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", 0, "GTEST_SHARD_STATUS_FILE"},
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", 0, nullptr, "SLURM_ARRAY_TASK_MIN",
     "SLURM_ARRAY_TASK_STEP"},
    {"Kubernetes", "JOB_COMPLETION_INDEX", nullptr, 0},
    // CI_NODE_TOTAL is 1 in every job, CI_NODE_INDEX only in parallel ones.
    {"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1, nullptr, nullptr, nullptr, true},
};

failure wrong(const convention& c, const std::string& why) {
  return usage_error(fmt::format("{} ({}): {}; or say --shard i/n", c.index, c.system, why));
}

std::size_t value_of(const convention& c, const char* name, const variable_lookup& environment,
                     std::optional<std::size_t> otherwise = {}) {
  const auto text = environment(name);
  if (!text && otherwise) return *otherwise;
  if (!text) throw wrong(c, fmt::format("{} is not set", name));
  const auto value = number(*text);
  if (!value) throw wrong(c, fmt::format("{}={} is not a number", name, *text));
  return *value;
}

std::optional<shard> from(const convention& c, std::optional<std::size_t> said_total,
                          const variable_lookup& environment) {
  const bool has_index = environment(c.index).has_value();
  const bool has_total = c.total != nullptr && environment(c.total).has_value();
  if (!has_index && (!has_total || c.total_is_optional)) return std::nullopt;
  std::size_t index = value_of(c, c.index, environment);
  if (c.total == nullptr && !said_total)
    throw wrong(c, "it does not say how many there are: give the job's completions as --shards N");
  const std::size_t total = c.total == nullptr ? *said_total : value_of(c, c.total, environment);
  if (said_total && *said_total != total)
    throw wrong(c, fmt::format("{}={}, and --shards says {}", c.total, total, *said_total));
  std::size_t first = c.first, step = 1;
  if (c.lowest != nullptr) first = value_of(c, c.lowest, environment, c.first);
  if (c.step != nullptr) step = value_of(c, c.step, environment, 1);
  if (step == 0 || index < first || (index - first) % step != 0 || (index - first) / step >= total)
    throw wrong(c, fmt::format("{} is not one of the {} that start at {}{}", index, total, first,
                               step == 1 ? "" : fmt::format(" in steps of {}", step)));
  index = (index - first) / step;
  shard result{index, total, fmt::format("{} ({})", c.index, c.system), {}, {}};
  if (c.status_file != nullptr) result.status_file = environment(c.status_file).value_or("");
  return result;
}

shard from_flag(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto index = number(text.substr(0, slash));
  const auto total = slash == std::string::npos ? std::nullopt : number(text.substr(slash + 1));
  if (!index || !total)
    throw usage_error(fmt::format("--shard {}: expected i/n, such as 2/4 for the second of four", text));
  if (*index < 1 || *index > *total)
    throw usage_error(
        fmt::format("--shard {}: the first is 1/{}, the last {}/{}", text, *total, *total, *total));
  return {*index - 1, *total, "--shard", {}, {}};
}

}  // namespace

shard choose_shard(const std::optional<std::string>& asked, const std::optional<std::size_t>& total,
                   const variable_lookup& environment) {
  std::optional<shard> chosen;
  if (asked) chosen = from_flag(*asked);
  for (const convention& c : conventions) {
    if (chosen) {
      // Whatever it says is not asked for, not even whether it makes sense.
      if (environment(c.index)) chosen->passed_over.push_back(fmt::format("{} ({})", c.index, c.system));
      continue;
    }
    chosen = from(c, total, environment);
  }
  if (chosen) return *chosen;
  if (total && *total != 1)
    throw usage_error(
        fmt::format("--shards {}: nothing says which of them this is (TEST_SHARD_INDEX, GTEST_SHARD_INDEX, "
                    "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, CI_NODE_INDEX); use --shard i/{}",
                    *total, *total));
  return {};
}

const std::vector<std::string>& shard_variables() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const convention& c : conventions)
      for (const char* name : {c.index, c.total, c.status_file})
        if (name != nullptr &&
            (std::string_view(c.system) == "Bazel" || std::string_view(c.system) == "GoogleTest"))
          all.emplace_back(name);
    return all;
  }();
  return names;
}

}  // namespace snag::cli
