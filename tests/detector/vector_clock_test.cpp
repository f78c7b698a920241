// SPDX-License-Identifier: Apache-2.0
#include "detector/src/vector_clock.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "detector/src/internal_memory.h"

namespace snag::detector {
namespace {

slot_id slot(std::uint32_t n) { return slot_id{n}; }

TEST(vector_clock, an_absent_entry_is_zero_and_covers_nothing_later) {
  const vector_clock c;
  EXPECT_EQ(c.get(slot(1)), 0u);
  EXPECT_TRUE(c.covers({slot(1), 0}));
  EXPECT_FALSE(c.covers({slot(1), 1}));
}

TEST(vector_clock, the_tag_counts_as_an_entry) {
  vector_clock c({}, {slot(100'000), 7});
  EXPECT_EQ(c.get(slot(100'000)), 7u);
  c.flatten();
  EXPECT_EQ(c.get(slot(100'000)), 7u);
  EXPECT_FALSE(c.tag());
}

TEST(vector_clock, joining_what_it_covers_by_the_tag_changes_no_node) {
  clock_tree tree;
  for (std::uint32_t s = 1; s < 1000; ++s) tree.raise(slot(s), s);
  vector_clock published(tree, {slot(5), 50});
  vector_clock c = published;
  c.join(vector_clock(tree, {slot(6), 60}));
  const vector_clock before = c;
  c.join(published);
  for (std::uint32_t s = 1; s < 1000; ++s) EXPECT_EQ(c.get(slot(s)), before.get(slot(s)));
}

// Actors that release into objects and acquire from them, compared with maps. (Slots that no other test has,
// or that a tree of one leaf has room for.)
TEST(vector_clock, agrees_with_a_map_among_actors_that_release_and_acquire) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    struct known {
      vector_clock clock;
      std::map<std::uint32_t, clock_time> map;
      void join(const known& other, epoch maker) {
        clock.join(other.clock, maker);
        for (auto [s, time] : other.map) map[s] = std::max(map[s], time);
      }
    };
    struct actor : known {
      epoch own;
    };
    const std::uint32_t actors = 2 + seed % 30;
    std::vector<actor> all(actors);
    std::vector<known> objects(1 + seed % 7);
    for (std::uint32_t i = 0; i < actors; ++i)
      all[i].own = {slot((seed % 2 == 0 ? 1 : 1'000'000) + i * (seed % 3 + 1)), 1};
    for (int step = 0; step < 500; ++step) {
      actor& a = all[random() % actors];
      known& o = objects[random() % objects.size()];
      switch (random() % 4) {
        case 0:
        case 1:
          a.join(o, a.own);
          break;
        case 2:  // a store
          a.clock.pass_on(o.clock, a.own);
          o.map = a.map;
          o.map[static_cast<std::uint32_t>(a.own.slot)] = a.own.time++;
          break;
        default: {  // a release that adds to what is there
          known published;
          a.clock.pass_on(published.clock, a.own);
          published.map = a.map;
          published.map[static_cast<std::uint32_t>(a.own.slot)] = a.own.time++;
          o.join(published, {});
        }
      }
      ASSERT_TRUE(a.clock.check_invariants() && o.clock.check_invariants());
      for (const auto& [known, own] :
           {std::pair<const struct known*, slot_id>{&a, a.own.slot}, {&o, slot(0)}})
        for (auto [s, time] : known->map)
          if (slot(s) != own) ASSERT_EQ(known->clock.get(slot(s)), time);  // (its own stands elsewhere)
    }
  }
}

TEST(vector_clock, two_that_hand_something_to_and_fro_make_no_nodes) {
  clock_tree tree;
  for (std::uint32_t s = 1; s < 1000; ++s) tree.raise(slot(s), s);
  epoch a{slot(2'000'000), 1}, b{slot(2'000'001), 1};
  vector_clock of_a(tree, {}), of_b(tree, {}), object;
  std::size_t in_use = 0;
  for (int i = 0; i < 100; ++i) {
    of_a.pass_on(object, a);
    ++a.time;
    of_b.join(object, b);
    of_b.pass_on(object, b);
    ++b.time;
    of_a.join(object, a);
    if (i == 0) in_use = internal_bytes_in_use();
  }
  EXPECT_EQ(internal_bytes_in_use(), in_use);
  EXPECT_EQ(of_a.get(b.slot), b.time - 1);
  EXPECT_EQ(of_b.get(a.slot), a.time - 1);
}

TEST(clock_tree, copies_share_nodes_and_writes_do_not_show_through) {
  clock_tree a;
  for (std::uint32_t s = 0; s < 10'000; ++s) a.raise(slot(s), s + 1);
  const std::size_t in_use = internal_bytes_in_use();
  std::vector<clock_tree> copies(1000, a);
  EXPECT_EQ(internal_bytes_in_use(), in_use);
  copies[0].raise(slot(77), 1'000'000);
  EXPECT_LT(internal_bytes_in_use() - in_use, 1000u);  // one path
  EXPECT_EQ(a.get(slot(77)), 78u);
  EXPECT_EQ(copies[1].get(slot(77)), 78u);
  EXPECT_EQ(copies[0].get(slot(77)), 1'000'000u);
}

TEST(clock_tree, joining_equal_trees_makes_nothing) {
  clock_tree a;
  for (std::uint32_t s = 0; s < 5000; ++s) a.raise(slot(s * 3), s + 1);
  clock_tree b = a;
  b.raise(slot(30), 500);
  const std::size_t in_use = internal_bytes_in_use();
  clock_tree c = a;
  c.join(b);
  EXPECT_TRUE(c.same_nodes(b));
  EXPECT_EQ(internal_bytes_in_use(), in_use);
}

// Who covers the tag of a node knows all below it; who knows a later life of the same slot need not.
TEST(clock_tree, a_tag_of_an_earlier_life_proves_nothing) {
  constexpr clock_time told_at = 5, known = 9;
  for (const clock_time latest_life : {clock_time{1}, clock_time{8}}) {
    static clock_time first_time;
    first_time = latest_life;
    clock_tree told, mine;
    for (std::uint32_t s = 300; s < 3000; s += 100) told.raise(slot(s), 7, {slot(1), told_at});
    mine.raise(slot(1), known);
    mine.raise(slot(2999), 1);  // as high as the other
    mine.join(told, {{}, {}, {}, [](epoch e) { return e.time >= first_time; }});
    EXPECT_EQ(mine.get(slot(1)), known);
    EXPECT_EQ(mine.get(slot(1000)), latest_life <= told_at ? 0u : 7u);
  }
}

TEST(clock_tree, a_flat_clock_is_copied_into_one_that_has_room) {
  clock_tree wide, narrow, other;
  for (std::uint32_t s = 0; s < 200; ++s) wide.raise(slot(s), s + 1);
  narrow.raise(slot(40), 7);
  other.raise(slot(255), 1);
  other = wide;
  const std::size_t in_use = internal_bytes_in_use();
  other = narrow;
  EXPECT_EQ(internal_bytes_in_use(), in_use);
  EXPECT_EQ(other.get(slot(40)), 7u);
  EXPECT_EQ(other.get(slot(41)), 0u);
  EXPECT_EQ(other.get(slot(199)), 0u);
  other = wide;
  other.raise(slot(3), 1000);
  EXPECT_EQ(wide.get(slot(3)), 4u);
}

// Several clocks, random operations, compared with maps; slots of all magnitudes, so that trees differ in
// height, or of those that a flat clock may have, now and then with one beyond.
TEST(clock_tree, agrees_with_a_map) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto any_slot = [&] { return static_cast<std::uint32_t>(random() >> (32 + random() % 32)); };
    const auto some_slot = [&] {
      return seed % 2 == 0 || random() % 200 == 0 ? any_slot() : static_cast<std::uint32_t>(random() % 256);
    };
    struct pair {
      clock_tree tree;
      std::map<std::uint32_t, clock_time> map;
    };
    const std::size_t in_use = internal_bytes_in_use();
    {
      std::vector<pair> clocks(4);
      for (int step = 0; step < 300; ++step) {
        pair& a = clocks[random() % 4];
        pair& b = clocks[random() % 4];
        switch (random() % 4) {
          case 0:
          case 1: {
            const std::uint32_t s = some_slot();
            const auto time = static_cast<clock_time>(random() % 100);
            a.tree.raise(slot(s), time);
            if (time != 0) a.map[s] = std::max(a.map[s], time);
            break;
          }
          case 2:
            a.tree.join(b.tree);
            for (auto [s, time] : b.map) a.map[s] = std::max(a.map[s], time);
            break;
          default:
            a = b;
        }
        ASSERT_TRUE(a.tree.check_invariants());
      }
      for (pair& p : clocks) {
        for (auto [s, time] : p.map) ASSERT_EQ(p.tree.get(slot(s)), time);
        for (int i = 0; i < 100; ++i) {
          const std::uint32_t s = some_slot();
          const auto found = p.map.find(s);
          ASSERT_EQ(p.tree.get(slot(s)), found == p.map.end() ? 0 : found->second);
        }
      }
    }
    ASSERT_EQ(internal_bytes_in_use(), in_use);
  }
}

}  // namespace
}  // namespace snag::detector
