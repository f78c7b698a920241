// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which cases run, how often, under which seeds, and in which processes. Pure.
#include <deque>
#include <optional>

#include "cli/test_run/shard.h"
#include "cli/test_run/test_filter.h"
#include "cli/test_run/test_listing.h"

namespace snag::cli {

struct seed_range {
  std::uint64_t first = 1, last = 0;  // both included
};
// "7": 1 to 7, as `snag run --seeds`; "3-9". Throws failure.
seed_range parse_seeds(const std::string&);

struct selection_settings {
  test_filter filter = {};
  shard part = {};
  std::optional<seed_range> seeds = {};  // a round for each
  std::uint64_t repeat = 1;              // rounds, if there are no seeds
  bool isolate = false;                  // a process for each case
};

// The filter's cases times their rounds, in the order of the list, are dealt out to the shards one by one.
// What CTest's fixtures need comes along. Sets `planned` and `selected`. Empty: nothing is this shard's.
std::deque<process_plan> select(const test_list&, std::vector<test_case>&, const selection_settings&);

}  // namespace snag::cli
