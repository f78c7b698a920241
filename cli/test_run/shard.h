// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which part of a run is ours: asked for by a flag, or said by the CI or batch system that started us. Pure:
// the environment is an argument. docs/testing.md, "Shards".
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace snag::cli {

struct shard {
  std::size_t index = 0, total = 1;  // index from 0
  std::string source;  // who said so, in words: "--shard", "TEST_SHARD_INDEX (Bazel)"; empty: nobody
  std::vector<std::string> passed_over;  // others that said something, too
  std::string status_file;               // to be touched, so that who started us knows that we do shard

  bool whole() const { return total == 1; }
  // Round robin over a sorted list: the sizes of two shards differ by one at most.
  bool owns(std::size_t position) const { return position % total == index; }
};

using variable_lookup = std::function<std::optional<std::string>(const std::string&)>;

// `asked`: --shard, "i/n" from 1; `total`: --shards, for systems that tell an index alone. The first of these
// that says anything counts: --shard, Bazel, GoogleTest, Slurm, Kubernetes, GitLab. Throws failure for what
// makes no sense, such as an index without a total.
shard choose_shard(const std::optional<std::string>& asked, const std::optional<std::size_t>& total,
                   const variable_lookup&);

// What tests must not inherit: a program would take its part of our part.
const std::vector<std::string>& shard_variables();

}  // namespace snag::cli
