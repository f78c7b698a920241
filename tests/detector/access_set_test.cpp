// SPDX-License-Identifier: Apache-2.0
#include "detector/src/access_set.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace snag::detector {
namespace {

using entries = std::map<std::uint32_t, byte_mask>;

entries contents(cell set) {
  entries all;
  sets.for_each(set, [&](record_id r, byte_mask b) { all[static_cast<std::uint32_t>(r)] = b; });
  return all;
}

TEST(access_set, one_entry_is_the_bare_cell) {
  EXPECT_EQ(sets.add({}, record_id{9}, 0b0110), cell(record_id{9}, 0b0110));
  EXPECT_EQ(sets.add(cell(record_id{9}, 0b0110), record_id{9}, 0b0001), cell(record_id{9}, 0b0111));
}

TEST(access_set, equal_sets_are_equal_cells_in_whatever_order_they_grew) {
  std::mt19937 random(3);
  std::vector<std::uint32_t> ids;
  for (int i = 0; i < 500; ++i) ids.push_back(1 + random() % max_records);
  cell first;
  for (std::uint32_t id : ids) first = sets.add(first, record_id{id}, all_bytes);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(ids.begin(), ids.end(), random);
    cell again;
    for (std::uint32_t id : ids) again = sets.add(again, record_id{id}, all_bytes);
    EXPECT_EQ(again, first);
  }
}

TEST(access_set, adding_to_a_large_set_makes_few_nodes) {
  cell set;
  for (std::uint32_t id = 1; id <= 10'000; ++id) set = sets.add(set, record_id{id * 7}, all_bytes);
  EXPECT_EQ(sets.size(set), 10'000u);
  const std::uint32_t before = sets.live_nodes();
  sets.add(set, record_id{35'003}, all_bytes);
  EXPECT_LE(sets.live_nodes() - before, 27u);
}

TEST(access_set, agrees_with_a_map) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto range = static_cast<std::uint32_t>(random() >> (37 + random() % 24)) + 2;
    cell set;
    entries model;
    for (int step = 0; step < 120; ++step) {
      const auto id = static_cast<std::uint32_t>(1 + random() % std::min(range, max_records));
      const auto bytes = static_cast<byte_mask>(1 + random() % 15);
      if (random() % 5 != 0) {
        set = sets.add(set, record_id{id}, bytes);
        model[id] |= bytes;
      } else {  // take bytes away from some
        const auto odd = random() % 2;
        set = sets.filter(set, [&](record_id r, byte_mask b) {
          return static_cast<std::uint32_t>(r) % 3 == odd ? b & ~bytes : b;
        });
        for (auto it = model.begin(); it != model.end();) {
          if (it->first % 3 == odd) it->second &= ~bytes;
          it = it->second == 0 ? model.erase(it) : std::next(it);
        }
      }
      ASSERT_EQ(contents(set), model);
      ASSERT_EQ(sets.size(set), model.size());
      ASSERT_TRUE(sets.check_invariants(set));
      const auto found = model.find(id);
      ASSERT_EQ(sets.bytes_of(set, record_id{id}), found == model.end() ? 0 : found->second);
      cell rebuilt;
      for (auto [r, b] : model) rebuilt = sets.add(rebuilt, record_id{r}, b);
      ASSERT_EQ(rebuilt, set);
    }
  }
}

TEST(access_set, a_sweep_keeps_what_is_marked_and_reuses_the_rest) {
  cell kept, dropped;
  for (std::uint32_t id = 1; id <= 2000; ++id) {
    kept = sets.add(kept, record_id{id}, all_bytes);
    dropped = sets.add(dropped, record_id{id + 1'000'000}, 0b0001);
  }
  const entries before = contents(kept);
  sets.begin_marking();
  std::uint32_t marked = 0;
  sets.mark(kept, [&](record_id) { ++marked; });
  sets.mark(kept, [&](record_id) { ++marked; });  // a shared set is walked once
  sets.reclaim_unmarked();
  EXPECT_EQ(marked, 2000u);
  EXPECT_EQ(sets.live_nodes(), 1999u);
  EXPECT_EQ(contents(kept), before);
  cell again;
  for (std::uint32_t id = 1; id <= 2000; ++id) again = sets.add(again, record_id{id}, all_bytes);
  EXPECT_EQ(again, kept);
}

}  // namespace
}  // namespace snag::detector
